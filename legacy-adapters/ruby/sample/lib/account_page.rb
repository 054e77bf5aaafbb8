# frozen_string_literal: true

require 'securerandom'
require_relative 'session_cookie'
require_relative 'view'

# The account as a page. It has a session and a sign-in of its own: PHP's says nothing to Ruby.
class Conduit
  module AccountPage
    def account_show(request)
      session = session_of(request)
      user = session_user(session)
      flash = session.delete('flash')
      return sign_in_page(200, session, flash: flash) unless user

      counts = @users.follow_counts(user)
      html(200, session, :account, title: 'Your account', user: user, counts: counts, flash: flash)
    end

    def account_submit(request)
      session = session_of(request)
      form = request.form
      return html(403, session, :forbidden, title: 'Forbidden') unless genuine?(session, form['csrf'])

      form['action'] == 'sign_out' ? sign_out : sign_in(form, session)
    end

    private

    def sign_in(form, session)
      email = form['email'].to_s
      user = @users.by_email(email)
      if user && @passwords.matches?(form['password'].to_s, user['password'])
        to_account('user_id' => user['id'].to_i, 'flash' => "Welcome back, #{user['username']}.")
      else
        sign_in_page(422, session, email: email, error: 'E-mail or password is wrong.')
      end
    end

    def sign_out
      to_account('flash' => 'You are signed out.')
    end

    def session_of(request)
      @sessions.open(request.cookie(SessionCookie::NAME))
    end

    def session_user(session)
      session['user_id'] && @users.by_id(session['user_id'])
    end

    # Does the form come from a page of this session?
    def genuine?(session, given)
      token = session['_csrf_token'].to_s
      given = given.to_s
      !token.empty? && token.bytesize == given.bytesize && OpenSSL.fixed_length_secure_compare(token, given)
    end

    def sign_in_page(status, session, values)
      html(status, session, :sign_in, { title: 'Sign in', email: '', error: nil }.merge(values))
    end

    def html(status, session, template, values)
      session['session_id'] ||= SecureRandom.hex(16)
      session['_csrf_token'] ||= SecureRandom.base64(32)
      body = View.page(template, { user: nil, flash: nil, csrf: session['_csrf_token'] }.merge(values))
      headers = {
        'Content-Type' => 'text/html; charset=utf-8', 'Content-Length' => body.bytesize.to_s,
        'Cache-Control' => 'max-age=0, private, must-revalidate', 'Set-Cookie' => @sessions.seal(session)
      }
      [status, headers, [body]]
    end

    # With a new session: whoever knew the old one knows nothing of this.
    def to_account(session)
      session['session_id'] = SecureRandom.hex(16)
      headers = {
        'Location' => '/account', 'Content-Type' => 'text/html; charset=utf-8', 'Content-Length' => '0',
        'Cache-Control' => 'no-cache', 'Set-Cookie' => @sessions.seal(session)
      }
      [302, headers, []]
    end
  end
end
