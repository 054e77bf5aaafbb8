# frozen_string_literal: true

require 'openssl'

# RFC 6455 from the server's side: bytes become messages, and messages bytes.
class WebSocket
  # Why a connection must end; the code goes into the closing frame.
  class Failure < StandardError
    attr_reader :code

    def initialize(code, message)
      super(message)
      @code = code
    end
  end

  GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
  KINDS = { 0 => :rest, 1 => :text, 2 => :binary, 8 => :close, 9 => :ping, 10 => :pong }.freeze
  MOST = 1024 * 1024 # bytes of a message
  CLOSE_CODES = [1000..1003, 1007..1014, 3000..4999].freeze

  # What answers a client's Sec-WebSocket-Key.
  def self.accept(key)
    [OpenSSL::Digest.digest('SHA1', key + GUID)].pack('m0')
  end

  def self.frame(kind, payload)
    size = payload.bytesize
    length = if size < 126 then [size].pack('C')
             elsif size < 65_536 then [126, size].pack('Cn')
             else [127, size].pack('CQ>')
             end
    [0x80 | KINDS.key(kind)].pack('C') + length + payload.b
  end

  def self.closing(code, reason = '')
    frame(:close, [code].pack('n') + reason.b)
  end

  def initialize
    @buffer = ''.b
    @kind = nil
    @message = nil
  end

  # Yields kind and payload of every message that these bytes complete.
  def read(bytes)
    @buffer << bytes
    while (frame = take_frame)
      final, kind, payload = frame
      message = %i[close ping pong].include?(kind) ? [kind, payload] : join(final, kind, payload)
      yield(*message) if message
    end
  end

  # The code in the payload of a closing frame; 1000 where there is none.
  def self.close_code(payload)
    return 1000 if payload.empty?

    code = payload.unpack1('n')
    raise Failure.new(1002, 'a code that is none') unless code && CLOSE_CODES.any? { |known| known.cover?(code) }

    reason = payload.byteslice(2..).force_encoding(Encoding::UTF_8)
    raise Failure.new(1007, 'a reason that is no UTF-8') unless reason.valid_encoding?

    code
  end

  private

  # Final or not, kind and payload of the next frame; nil while it is not all here.
  def take_frame
    return if @buffer.bytesize < 2

    first, second = @buffer.unpack('CC')
    length, start = payload_length(second & 0x7f)
    check(first, second, length || 126)
    return if length.nil? || @buffer.bytesize < start + 4 + length

    mask = @buffer.byteslice(start, 4)
    payload = unmask(@buffer.byteslice(start + 4, length), mask)
    @buffer = @buffer.byteslice((start + 4 + length)..)
    [first & 0x80 != 0, KINDS[first & 0x0f], payload]
  end

  # Length and where the mask begins; nil while the length is not all here.
  def payload_length(short)
    return [short, 2] if short < 126

    bytes, format = short == 126 ? [2, '@2n'] : [8, '@2Q>']
    [@buffer.unpack1(format), 2 + bytes] if @buffer.bytesize >= 2 + bytes
  end

  def check(first, second, length)
    kind = KINDS[first & 0x0f]
    raise Failure.new(1002, 'reserved bits or an unknown kind') if first & 0x70 != 0 || kind.nil?
    raise Failure.new(1002, 'a frame without a mask') if (second & 0x80).zero?
    raise Failure.new(1009, 'too long') if length > MOST

    control = first & 0x08 != 0
    raise Failure.new(1002, 'a long or split control frame') if control && (length > 125 || first & 0x80 == 0)
  end

  def unmask(payload, mask)
    key = mask.unpack1('N')
    padded = payload + "\0" * (-payload.bytesize % 4)
    padded.unpack('N*').map { |word| word ^ key }.pack('N*').byteslice(0, payload.bytesize)
  end

  # Puts the pieces of a message together; nil until the last one.
  def join(final, kind, payload)
    raise Failure.new(1002, 'a piece out of turn') if (kind == :rest) == @message.nil?

    @kind = kind unless kind == :rest
    @message = (@message || ''.b) << payload
    raise Failure.new(1009, 'too long') if @message.bytesize > MOST
    return unless final

    whole, @message = @message, nil
    raise Failure.new(1007, 'text that is no UTF-8') if @kind == :text && !whole.dup.force_encoding('UTF-8').valid_encoding?

    [@kind, whole]
  end
end
