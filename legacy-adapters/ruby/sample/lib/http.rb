# frozen_string_literal: true

require 'json'
require 'securerandom'

# What the application wants to know of a Rack env.
class Request
  NotJson = Class.new(StandardError)
  TooLarge = Class.new(StandardError)
  MOST_BYTES = 8 * 1024 * 1024

  def initialize(env)
    @env = env
  end

  def id
    given = @env['HTTP_X_REQUEST_ID'].to_s
    @id ||= given.match?(/\A[\w.:-]{1,128}\z/) ? given : SecureRandom.uuid
  end

  def head?
    @env['REQUEST_METHOD'] == 'HEAD'
  end

  # HEAD is answered like GET.
  def routed_method
    head? ? 'GET' : @env['REQUEST_METHOD']
  end

  # Percent-decoded; what is no UTF-8 then matches no route.
  def path
    @path ||= begin
      text = @env['PATH_INFO'].b.gsub(/%(\h\h)/n) { $1.hex.chr }.force_encoding(Encoding::UTF_8)
      text.valid_encoding? ? text : ''
    end
  end

  def authorization
    @env['HTTP_AUTHORIZATION'].to_s
  end

  def token
    authorization[/\A(?:Token|Bearer) +(\S+)\z/i, 1]
  end

  # The object with this name in the JSON of the body; an empty hash where there is none.
  def fields(name)
    data = json
    given = data[name] if data.is_a?(Hash)
    given.is_a?(Hash) ? given : {}
  end

  private

  def json
    text = @env['rack.input'].read(MOST_BYTES + 1).to_s.dup.force_encoding(Encoding::UTF_8)
    raise TooLarge if text.bytesize > MOST_BYTES
    raise NotJson unless text.valid_encoding?

    JSON.parse(text)
  rescue JSON::ParserError
    raise NotJson
  end
end

# Answers, as Rack wants them.
module Response
  module_function

  def json(status, data)
    body = JSON.generate(data)
    headers = { 'Content-Type' => 'application/json; charset=utf-8', 'Content-Length' => body.bytesize.to_s }
    [status, headers, [body]]
  end

  def errors(status, errors)
    json(status, 'errors' => errors)
  end

  def text(status, body)
    [status, { 'Content-Type' => 'text/plain; charset=utf-8', 'Content-Length' => body.bytesize.to_s }, [body]]
  end
end
