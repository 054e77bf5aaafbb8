# frozen_string_literal: true

require 'json'
require 'openssl'
require 'uri'

# The session, kept by the visitor: AES-256-GCM, laid out as Rails 7 lays out its encrypted cookies.
class SessionCookie
  NAME = '_conduit_session'
  ATTRIBUTES = 'path=/; HttpOnly; SameSite=Lax'
  NONCE_BYTES = 12
  TAG_BYTES = 16

  def initialize(secret)
    @key = OpenSSL::PKCS5.pbkdf2_hmac(secret, 'authenticated encrypted cookie', 1000, 32, 'SHA256')
  end

  # A Set-Cookie line.
  def seal(session)
    cipher = OpenSSL::Cipher.new('aes-256-gcm').encrypt
    cipher.key = @key
    nonce = cipher.random_iv
    cipher.auth_data = ''
    sealed = cipher.update(wrap(session)) + cipher.final
    value = [sealed, nonce, cipher.auth_tag].map { |part| [part].pack('m0') }.join('--')
    "#{NAME}=#{URI.encode_www_form_component(value)}; #{ATTRIBUTES}"
  end

  # The session of a cookie's value; an empty one where it is none of ours.
  def open(value)
    sealed, nonce, tag = URI.decode_www_form_component(value.to_s).split('--').map { |part| part.unpack1('m0') }
    # A short tag would be taken, and guessed.
    return {} unless tag && nonce.bytesize == NONCE_BYTES && tag.bytesize == TAG_BYTES

    unwrap(decrypt(sealed, nonce, tag))
  rescue ArgumentError, OpenSSL::Cipher::CipherError, JSON::ParserError
    {}
  end

  private

  def decrypt(sealed, nonce, tag)
    cipher = OpenSSL::Cipher.new('aes-256-gcm').decrypt
    cipher.key = @key
    cipher.iv = nonce
    cipher.auth_tag = tag
    cipher.auth_data = ''
    cipher.update(sealed) + cipher.final
  end

  # The purpose keeps one cookie from being taken for another.
  def wrap(session)
    message = [JSON.generate(session)].pack('m0')
    JSON.generate('_rails' => { 'message' => message, 'exp' => nil, 'pur' => "cookie.#{NAME}" })
  end

  def unwrap(text)
    envelope = JSON.parse(text)['_rails']
    return {} unless envelope['pur'] == "cookie.#{NAME}"

    JSON.parse(envelope['message'].unpack1('m0').force_encoding(Encoding::UTF_8))
  end
end
