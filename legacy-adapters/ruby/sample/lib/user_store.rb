# frozen_string_literal: true

# Users and who follows whom, in the database that PHP writes to as well.
class UserStore
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

  # The user with this e-mail address and password, or nil.
  def by_password(email, password)
    user = @database.row('SELECT * FROM users WHERE email = ?', email)
    user if user && password_matches?(password, user['password'])
  end

  def follows?(follower, followed)
    sql = 'SELECT 1 AS found FROM follows WHERE follower_id = ? AND followed_id = ?'
    !@database.row(sql, follower['id'], followed['id']).nil?
  end

  private

  # The C library's crypt knows bcrypt, and takes the setting from the hash.
  def password_matches?(password, hash)
    actual = password.crypt(hash)
    actual.bytesize == hash.bytesize && OpenSSL.fixed_length_secure_compare(actual, hash)
  rescue SystemCallError, ArgumentError
    false
  end
end
