# frozen_string_literal: true

require_relative 'lib/database'
require_relative 'lib/token'
require_relative 'lib/password'
require_relative 'lib/http'
require_relative 'lib/user_store'
require_relative 'lib/users'
require_relative 'lib/profiles'
require_relative 'lib/account_page'
require_relative 'lib/account_live'

# The users half of Conduit, as a plain Rack application: puma runs it, rack itself is not needed.
class Conduit
  ROUTES = [
    ['GET',    %r{\A/status\z},                           :status],
    ['GET',    %r{\A/account\z},                          :account_show],
    ['POST',   %r{\A/account\z},                          :account_submit],
    ['GET',    %r{\A/account/events\z},                   :account_events],
    ['GET',    %r{\A/account/live\z},                     :account_live],
    ['POST',   %r{\A/api/users\z},                        :users_create],
    ['POST',   %r{\A/api/users/login\z},                  :users_login],
    ['GET',    %r{\A/api/user\z},                         :user_get],
    ['PUT',    %r{\A/api/user\z},                         :user_update],
    ['GET',    %r{\A/api/profiles/([^/]+)\z},             :profiles_get],
    ['POST',   %r{\A/api/profiles/([^/]+)/follow\z},      :profiles_follow],
    ['DELETE', %r{\A/api/profiles/([^/]+)/follow\z},      :profiles_unfollow]
  ].freeze

  include Users
  include Profiles
  include AccountPage
  include AccountLive

  def self.from_env(env)
    secret = env.fetch('JWT_SECRET')
    passwords = Password.new(Integer(env.fetch('BCRYPT_COST', '10')))
    users = UserStore.new(Database.open(env.fetch('DATABASE_URL')))
    new(users, Token.new(secret), passwords, SessionCookie.new(secret))
  end

  def initialize(users, tokens, passwords, sessions, clock: -> { Time.now })
    @users = users
    @tokens = tokens
    @passwords = passwords
    @sessions = sessions
    @presence = Presence.new
    @clock = clock
  end

  def call(env)
    started = @clock.call
    request = Request.new(env)
    status, headers, body = RequestTag.of(request.id) { answer(request) }
    headers['X-Request-Id'] = request.id
    headers['X-Runtime'] = format('%.6f', @clock.call - started)
    [status, headers, request.head? ? [] : body]
  end

  private

  def answer(request)
    name, parts = route(request)
    name ? send(name, request, *parts) : Response.errors(404, 'route' => ['not found'])
  rescue Request::NotJson
    Response.errors(400, 'body' => ['is not valid JSON'])
  rescue Request::TooLarge
    Response.errors(413, 'body' => ['is too large'])
  rescue StandardError => e
    warn "#{e.class}: #{e.message} at #{e.backtrace&.first}"
    Response.errors(500, 'server' => ['failed'])
  end

  def route(request)
    ROUTES.each do |method, pattern, name|
      match = pattern.match(request.path) if method == request.routed_method
      return [name, match.captures] if match
    end
    nil
  end

  def status(_request)
    @users.ping
    Response.text(200, "ok\n")
  end

  # The caller of a good token, else nil.
  def caller_of(request)
    claims = request.token && @tokens.claims(request.token, @clock.call)
    claims && claims['id'].is_a?(Integer) ? @users.by_id(claims['id']) : nil
  end

  def unauthorized(request)
    Response.errors(401, 'token' => [request.authorization.empty? ? 'is missing' : 'is invalid'])
  end
end
