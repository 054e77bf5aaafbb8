# frozen_string_literal: true

require 'json'
require 'time'

# Server-sent events: who is here, whenever that changes, and the time, every second.
class EventStream
  TICK = 1 # seconds

  def initialize(io, presence, clock)
    @io = io
    @presence = presence
    @clock = clock
  end

  # Until the client leaves.
  def run(name)
    @io.write("retry: 2000\n\n")
    @presence.with(name) { |member| nil while step(member) }
  rescue IOError, SystemCallError
    nil
  ensure
    @io.close
  end

  private

  def step(member)
    ready, = IO.select([@io, member.bell], nil, nil, TICK)
    return tick if ready.nil?
    return false if ready.include?(@io) && left?

    member.silence
    send_event('presence', 'online' => @presence.online)
  end

  # Clients of an event stream have nothing to say but that they leave.
  def left?
    @io.read_nonblock(4096, exception: false).nil?
  end

  def tick
    send_event('tick', 'time' => @clock.call.getutc.iso8601(3))
  end

  def send_event(type, data)
    @io.write("event: #{type}\ndata: #{JSON.generate(data)}\n\n")
  end
end
