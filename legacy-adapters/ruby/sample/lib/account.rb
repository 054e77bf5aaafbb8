# frozen_string_literal: true

require_relative 'password'

# What somebody says of himself: field => text, held to what can be kept.
class Account
  REQUIRED = %w[username email password].freeze
  OPTIONAL = %w[bio image].freeze
  MOST = { 'username' => '255 characters', 'email' => '255 characters',
           'bio' => '65535 bytes', 'image' => '1000 characters' }.freeze

  attr_reader :fields

  def initialize(given)
    @fields = given.slice(*REQUIRED, *OPTIONAL)
    OPTIONAL.each { |name| @fields[name] = nil if @fields[name] == '' }
  end

  # Field => messages, for these fields.
  def errors(names)
    names.to_h { |name| [name, [error(name)].compact] }.reject { |_, messages| messages.empty? }
  end

  private

  def error(name)
    text = @fields[name]
    return nil if text.nil? && OPTIONAL.include?(name)
    return OPTIONAL.include?(name) ? 'is not valid' : "can't be blank" unless text?(text)

    too_long(name, text) || wrong(name, text)
  end

  def text?(text)
    text.is_a?(String) && text.valid_encoding?
  end

  def too_long(name, text)
    number, unit = MOST.fetch(name, '').split
    length = unit == 'bytes' ? text.bytesize : text.length
    "is too long (maximum is #{number} #{unit})" if number && length > number.to_i
  end

  def wrong(name, text)
    case name
    when 'username' then "can't be blank" if blank?(text)
    when 'email' then blank?(text) ? "can't be blank" : wrong_email(text)
    when 'password' then text.empty? ? "can't be blank" : wrong_password(text)
    end
  end

  # What PHP's \s takes for white space, too.
  def blank?(text)
    text.match?(/\A[[:space:]\u180E\uFEFF]*\z/)
  end

  def wrong_email(text)
    'is not valid' unless text.include?('@')
  end

  def wrong_password(text)
    return 'is not valid' if text.include?("\0")

    "is too short (minimum is #{Password::LEAST} characters)" if text.length < Password::LEAST
  end
end
