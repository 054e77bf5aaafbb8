# frozen_string_literal: true

require 'openssl'
require 'securerandom'

# bcrypt by the C library's crypt, marked $2y$ as PHP does: both sides read one table of users.
class Password
  LEAST = 8 # characters

  def initialize(cost)
    @setting = format('$2y$%02d$', cost)
  end

  def hash(text)
    text.crypt(@setting + salt)
  end

  # crypt takes the setting from the hash. It refuses a NUL, and a hash that is none.
  def matches?(text, hash)
    actual = text.crypt(hash)
    actual.bytesize == hash.bytesize && OpenSSL.fixed_length_secure_compare(actual, hash)
  rescue SystemCallError, ArgumentError
    false
  end

  private

  # 16 bytes in bcrypt's own base64.
  def salt
    [SecureRandom.bytes(16)].pack('m0').delete('=').tr('A-Za-z0-9+/', './A-Za-z0-9')
  end
end
