# frozen_string_literal: true

require 'json'
require_relative 'web_socket'

# One WebSocket: says who is here whenever that changes, and gives back what it is told.
class LiveLine
  PING_EVERY = 20 # seconds of silence

  def initialize(io, presence)
    @io = io
    @presence = presence
    @socket = WebSocket.new
    @asked = false
  end

  # Until one side leaves.
  def run(name)
    @presence.with(name) { |member| nil while step(member) }
  rescue WebSocket::Failure => e
    part(e.code, e.message)
  rescue IOError, SystemCallError
    nil
  ensure
    @io.close
  end

  private

  def step(member)
    ready, = IO.select([@io, member.bell], nil, nil, PING_EVERY)
    return ask if ready.nil?

    if ready.include?(member.bell)
      member.silence
      say(:text, JSON.generate('online' => @presence.online))
    end
    ready.include?(@io) ? listen : true
  end

  # False when there was no answer to the last ping either.
  def ask
    return false if @asked

    @asked = true
    say(:ping, '')
  end

  def listen
    bytes = @io.read_nonblock(65_536, exception: false)
    return true if bytes == :wait_readable
    return false if bytes.nil?

    @asked = false
    open = true
    @socket.read(bytes) { |kind, payload| open &&= answer(kind, payload) }
    open
  end

  def answer(kind, payload)
    case kind
    when :close
      part(WebSocket.close_code(payload))
    when :ping then say(:pong, payload)
    when :pong then true
    else say(kind, payload)
    end
  end

  # A socket that is closed with something unread loses what was written last: reads on, for a while.
  def part(code, reason = '')
    @io.write(WebSocket.closing(code, reason))
    @io.close_write
    200.times do
      break unless @io.wait_readable(1) && @io.read_nonblock(65_536, exception: false)
    end
    false
  end

  def say(kind, payload)
    @io.write(WebSocket.frame(kind, payload))
    true
  end
end
