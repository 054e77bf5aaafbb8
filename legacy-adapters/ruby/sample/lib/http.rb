# frozen_string_literal: true

require 'json'
require 'securerandom'
require 'uri'

# What the application wants to know of a Rack env.
class Request
  NotJson = Class.new(StandardError)
  TooLarge = Class.new(StandardError)
  MOST_BYTES = 8 * 1024 * 1024
  MOST_LEVELS = 20 # of JSON; in WebAssembly, collecting garbage below a hundred of them is the end

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

  # The fields of a form; none where it is not written as one.
  def form
    @form ||= URI.decode_www_form(text).to_h.select { |_, value| value.valid_encoding? }
  rescue ArgumentError
    @form = {}
  end

  # The value of a cookie as it came, or nil.
  def cookie(name)
    pairs = @env['HTTP_COOKIE'].to_s.split(/; */).map { |pair| pair.split('=', 2) }
    pairs.assoc(name)&.last
  end

  def header(name)
    @env["HTTP_#{name.upcase.tr('-', '_')}"].to_s
  end

  # Does the server hand its connection over?
  def hijack?
    @env['rack.hijack?'] ? true : false
  end

  def hijack
    @env['rack.hijack'].call
  end

  private

  def text
    text = @env['rack.input'].read(MOST_BYTES + 1).to_s.dup.force_encoding(Encoding::UTF_8)
    raise TooLarge if text.bytesize > MOST_BYTES

    text
  end

  # Half a surrogate pair is parsed, but nothing can be made of it: hence the second look.
  def json
    text = self.text
    raise NotJson unless text.valid_encoding?

    JSON.parse(text, max_nesting: MOST_LEVELS).tap { |data| JSON.generate(data, allow_nan: true) }
  rescue JSON::JSONError
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
