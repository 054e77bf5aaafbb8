# frozen_string_literal: true

# Says in each statement that writes for which request it does, in a comment at its end:
#     INSERT INTO users (…) VALUES (…) /* rid='9f2c01…-1a' */
# The binary logs of MariaDB and MySQL keep it beside the rows, so that Banyan knows all that a request
# wrote. For any application on the gem mysql2: prepend RequestTag::Client to Mysql2::Client, and run
# each request within RequestTag.of. Rails has ActiveRecord::QueryLogs for this.
module RequestTag
  # Whoever asks may have chosen it: nothing that could end a comment or a text gets into SQL.
  WELL_FORMED = /\A[A-Za-z0-9_.-]{1,128}\z/
  WRITES = /\b(?:INSERT|UPDATE|DELETE|REPLACE|LOAD|CALL)\b/i

  # Runs the block as the request of this id.
  def self.of(id)
    before = Thread.current[:request_tag]
    Thread.current[:request_tag] = id
    yield
  ensure
    Thread.current[:request_tag] = before
  end

  # The statement with the id of the request, where there is one and it writes.
  def self.tag(sql)
    id = Thread.current[:request_tag].to_s
    return sql unless id.match?(WELL_FORMED) && sql.match?(WRITES)

    "#{sql.sub(/[;\s]+\z/, '')} /* rid='#{id}' */"
  end

  # For Mysql2::Client. What it prepares may be kept for later requests, and would name this one in
  # theirs: it names none.
  module Client
    def query(sql, *options)
      super(RequestTag.tag(sql), *options)
    end
  end
end
