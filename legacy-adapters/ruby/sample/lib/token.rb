# frozen_string_literal: true

require 'json'
require 'openssl'

# JSON web tokens, HS256 and nothing else. PHP reads what is issued here; the secret is shared.
class Token
  LIFETIME = 60 * 24 * 60 * 60 # seconds

  def initialize(secret)
    @secret = secret
  end

  def issue(user, now)
    claims = { 'id' => user['id'].to_i, 'username' => user['username'], 'exp' => now.to_i + LIFETIME }
    signed = [{ 'alg' => 'HS256', 'typ' => 'JWT' }, claims].map { |part| encode(JSON.generate(part)) }.join('.')
    "#{signed}.#{encode(sign(signed))}"
  end

  # The claims of a good token, else nil.
  def claims(token, now)
    head, body, signature, more = token.split('.', -1)
    return nil if signature.nil? || more || object(head)['alg'] != 'HS256'
    return nil unless same?(sign("#{head}.#{body}"), decode(signature))

    claims = object(body)
    expiry = claims['exp']
    expiry.is_a?(Numeric) && expiry < now.to_i ? nil : claims
  end

  private

  def sign(text)
    OpenSSL::HMAC.digest('SHA256', @secret, text)
  end

  def same?(one, other)
    one.bytesize == other.bytesize && OpenSSL.fixed_length_secure_compare(one, other)
  end

  def encode(bytes)
    [bytes].pack('m0').tr('+/', '-_').delete('=')
  end

  def decode(text)
    (text.tr('-_', '+/') + '=' * (-text.length % 4)).unpack1('m0')
  rescue ArgumentError
    ''
  end

  def object(text)
    value = JSON.parse(decode(text).dup.force_encoding(Encoding::UTF_8), max_nesting: Request::MOST_LEVELS)
    value.is_a?(Hash) ? value : {}
  rescue JSON::ParserError
    {}
  end
end
