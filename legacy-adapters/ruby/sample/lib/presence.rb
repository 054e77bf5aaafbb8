# frozen_string_literal: true

# Who is here. Whoever joins gets a bell: an IO that can be read from when somebody came or went.
class Presence
  MOST = 100

  Member = Struct.new(:name, :bell, :cord) do
    def ring
      cord.write_nonblock('.', exception: false)
    end

    def silence
      bell.read_nonblock(4096, exception: false)
    end
  end

  def initialize
    @mutex = Mutex.new
    @members = {}.compare_by_identity
  end

  # Each thread that serves a member costs something.
  def full?
    @members.size >= MOST
  end

  # Names, each once.
  def online
    @mutex.synchronize { @members.keys.map(&:name).uniq.sort }
  end

  # Yields a member, whose bell has rung already, and lets it leave again.
  def with(name)
    IO.pipe do |bell, cord|
      member = Member.new(name, bell, cord)
      change { @members[member] = true }
      yield member
    ensure
      change { @members.delete(member) }
    end
  end

  private

  def change
    @mutex.synchronize do
      yield
      @members.each_key(&:ring)
    end
  end
end
