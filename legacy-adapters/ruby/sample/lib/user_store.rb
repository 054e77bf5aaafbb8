# frozen_string_literal: true

# Users and who follows whom, in the database that PHP writes to as well.
class UserStore
  UNIQUE = %w[username email].freeze

  def initialize(database)
    @database = database
  end

  def ping
    @database.row('SELECT 1')
  end

  def by_id(id)
    @database.row('SELECT * FROM users WHERE id = ?', id)
  end

  def by_username(username)
    @database.row('SELECT * FROM users WHERE username = ?', username)
  end

  def by_email(email)
    @database.row('SELECT * FROM users WHERE email = ?', email)
  end

  # Which unique fields of these somebody else has.
  def taken(fields, besides: 0)
    UNIQUE.select do |name|
      fields.key?(name) &&
        @database.row("SELECT id FROM users WHERE #{name} = ? AND id <> ?", fields[name], besides)
    end
  end

  # The user. Raises Database::Duplicate.
  def create(fields, now)
    insert('users', fields.merge('created_at' => sql_time(now), 'updated_at' => sql_time(now)))
    by_username(fields['username'])
  end

  # The user as he is then. Raises Database::Duplicate.
  def update(user, fields, now)
    fields = fields.merge('updated_at' => sql_time(now))
    columns = fields.keys.map { |name| "#{name} = ?" }.join(', ')
    @database.rows("UPDATE users SET #{columns} WHERE id = ?", *fields.values, user['id'])
    by_id(user['id'])
  end

  def follows?(follower, followed)
    sql = 'SELECT 1 AS found FROM follows WHERE follower_id = ? AND followed_id = ?'
    !@database.row(sql, follower['id'], followed['id']).nil?
  end

  # How many follow the user, and how many the user follows.
  def follow_counts(user)
    sql = 'SELECT (SELECT COUNT(*) FROM follows WHERE followed_id = ?) AS followers,
      (SELECT COUNT(*) FROM follows WHERE follower_id = ?) AS following'
    @database.row(sql, user['id'], user['id'])
  end

  # To follow twice is to follow.
  def follow(follower, followed, now)
    ids = { 'follower_id' => follower['id'], 'followed_id' => followed['id'] }
    insert('follows', ids.merge('created_at' => sql_time(now)))
  rescue Database::Duplicate
    nil
  end

  def unfollow(follower, followed)
    sql = 'DELETE FROM follows WHERE follower_id = ? AND followed_id = ?'
    @database.rows(sql, follower['id'], followed['id'])
  end

  private

  def insert(table, fields)
    marks = (['?'] * fields.size).join(', ')
    @database.rows("INSERT INTO #{table} (#{fields.keys.join(', ')}) VALUES (#{marks})", *fields.values)
  end

  def sql_time(time)
    time.getutc.strftime('%Y-%m-%d %H:%M:%S')
  end
end
