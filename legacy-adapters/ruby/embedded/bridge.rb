# frozen_string_literal: true

require 'json'
require 'stringio'
require '/app/app'

# Between the JavaScript that speaks HTTP and the Rack application. Bytes cross as text: header
# values as latin1, bodies as base64.
class Bridge
  def initialize(app)
    @app = app
  end

  # A Rack env as JSON in; status, header pairs and body as JSON out.
  def call(env_json, body)
    env = JSON.parse(env_json.to_s).transform_values { |value| value.encode('ISO-8859-1').b }
    env['rack.input'] = StringIO.new(body.to_s.unpack1('m0'))
    status, headers, parts = @app.call(env)
    bytes = +''.b
    parts.each { |part| bytes << part.b }
    JSON.generate([status, pairs(headers), [bytes].pack('m0')])
  ensure
    parts.close if parts.respond_to?(:close)
  end

  private

  # Rack joins the values of one name with line feeds.
  def pairs(headers)
    headers.flat_map do |name, values|
      values.to_s.split("\n").flat_map { |value| [name, value.b.force_encoding('ISO-8859-1').encode('UTF-8')] }
    end
  end
end

Bridge.new(Conduit.from_env(ENV))
