# frozen_string_literal: true

require_relative 'event_stream'
require_relative 'live_line'
require_relative 'presence'

# What goes on while the account page is open. Both take the connection out of the server's hands and
# serve it from a thread of their own, which asks nothing of the database.
class Conduit
  module AccountLive
    NO_HIJACK = "Live connections need a server that hands its sockets over, and this one does not.\n"

    def account_events(request)
      user = session_user(session_of(request))
      live_refusal(request, user) || event_stream(request, user['username'])
    end

    def account_live(request)
      user = session_user(session_of(request))
      live_refusal(request, user) || upgrade_refusal(request) || live_line(request, user['username'])
    end

    private

    def event_stream(request, name)
      headers = { 'Content-Type' => 'text/event-stream', 'Cache-Control' => 'no-cache', 'Connection' => 'close' }
      return [200, headers, []] if request.head?

      serve = ->(io) { Thread.new { EventStream.new(io, @presence, @clock).run(name) } }
      [200, headers.merge('rack.hijack' => serve), []]
    end

    def live_line(request, name)
      io = request.hijack
      io.write(switching(request.header('Sec-WebSocket-Key')))
      Thread.new { LiveLine.new(io, @presence).run(name) }
      [-1, {}, []] # the server looks at it no more
    end

    def live_refusal(request, user)
      return Response.text(501, NO_HIJACK) unless request.hijack?
      return Response.text(401, "Sign in at /account first.\n") unless user

      Response.text(503, "Too many are here already.\n") if @presence.full?
    end

    def upgrade_refusal(request)
      return upgrade_required unless web_socket?(request)
      return Response.text(400, "The key is none.\n") unless good_key?(request.header('Sec-WebSocket-Key'))

      Response.text(403, "This page is of another site.\n") unless same_site?(request)
    end

    def upgrade_required
      status, headers, body = Response.text(426, "This speaks WebSocket, version 13.\n")
      [status, headers.merge('Upgrade' => 'websocket', 'Sec-WebSocket-Version' => '13'), body]
    end

    def web_socket?(request)
      request.header('Upgrade').casecmp?('websocket') && request.header('Sec-WebSocket-Version') == '13' &&
        request.header('Connection').downcase.split(/ *, */).include?('upgrade')
    end

    def good_key?(key)
      key.unpack1('m0').bytesize == 16
    rescue ArgumentError
      false
    end

    # Browsers let any page open a WebSocket, cookies and all; they say whose page it is.
    def same_site?(request)
      origin = request.header('Origin')
      origin.empty? || origin.sub(%r{\A\w+://}, '') == request.header('Host')
    end

    def switching(key)
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
        "Sec-WebSocket-Accept: #{WebSocket.accept(key)}\r\n\r\n"
    end
  end
end
