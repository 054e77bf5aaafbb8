# frozen_string_literal: true

require 'json'
require 'uri'
require_relative 'request_tag'

# SQL with question marks. Under puma the driver is mysql2; in WebAssembly, where no driver can be
# loaded, the host process runs the statement.
class Database
  Failed = Class.new(StandardError)
  # A row with this key is there already.
  Duplicate = Class.new(Failed)

  # DATABASE_URL: mysql://user:password@host:port/name, or sqlite:/file inside the host.
  def self.open(url)
    new(url.start_with?('sqlite:') ? HostDriver.new : MysqlDriver.new(URI.parse(url)))
  end

  def initialize(driver)
    @driver = driver
  end

  # A list of hashes.
  def rows(sql, *values)
    @driver.rows(sql, values)
  end

  def row(sql, *values)
    rows(sql, *values).first
  end

  # One connection for each thread: a Mysql2::Client serves one at a time.
  class MysqlDriver
    DUPLICATE_ENTRY = 1062

    def initialize(url)
      require 'mysql2'
      Mysql2::Client.prepend(RequestTag::Client)
      @options = {
        host: url.host, port: url.port || 3306, database: url.path.delete_prefix('/'),
        username: decode(url.user), password: decode(url.password),
        encoding: 'utf8mb4', reconnect: true, connect_timeout: 5, read_timeout: 20
      }
    end

    def rows(sql, values)
      client = Thread.current[:conduit_client] ||= Mysql2::Client.new(@options)
      rest = values.dup
      (client.query(sql.gsub('?') { literal(client, rest.shift) }) || []).to_a
    rescue Mysql2::Error => e
      raise e.error_number == DUPLICATE_ENTRY ? Duplicate.new(e.message) : e
    end

    private

    def literal(client, value)
      case value
      when nil then 'NULL'
      when Integer then value.to_s
      else "'#{client.escape(value.to_s)}'"
      end
    end

    def decode(text)
      text && URI.decode_www_form_component(text)
    end
  end

  # JavaScript's `sql(text, paramsJson)` answers {"rows": […]} or {"error": "…"}.
  class HostDriver
    def initialize
      require 'js'
    end

    def rows(sql, values)
      answer = JSON.parse(JS.global.call(:sql, sql, JSON.generate(values)).to_s)
      error = answer['error']
      raise error.start_with?('UNIQUE constraint failed') ? Duplicate : Failed, error if error

      answer['rows']
    end
  end
end
