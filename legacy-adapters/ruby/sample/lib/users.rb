# frozen_string_literal: true

require_relative 'account'

# Signing up and in, and the caller's own account.
class Conduit
  module Users
    def users_create(request)
      account = Account.new(request.fields('user'))
      errors = account.errors(Account::REQUIRED)
      return Response.errors(422, errors) if errors.any?

      fields = account.fields.slice(*Account::REQUIRED)
      unless_taken(fields) { [201, @users.create(hashed(fields), @clock.call)] }
    end

    def users_login(request)
      given = request.fields('user')
      blank = %w[email password].reject { |field| filled?(given[field]) }
      return Response.errors(422, blank.to_h { |field| [field, ["can't be blank"]] }) if blank.any?

      user = @users.by_email(given['email'])
      unless user && @passwords.matches?(given['password'], user['password'])
        return Response.errors(401, 'credentials' => ['invalid'])
      end

      Response.json(200, 'user' => user_json(user, @tokens.issue(user, @clock.call)))
    end

    def user_get(request)
      user = caller_of(request)
      user ? Response.json(200, 'user' => user_json(user, request.token)) : unauthorized(request)
    end

    # What is not named stays.
    def user_update(request)
      user = caller_of(request)
      return unauthorized(request) unless user

      account = Account.new(request.fields('user'))
      errors = account.errors(account.fields.keys)
      return Response.errors(422, errors) if errors.any?

      fields = account.fields
      unless_taken(fields, besides: user['id']) { [200, @users.update(user, hashed(fields), @clock.call)] }
    end

    private

    def filled?(value)
      value.is_a?(String) && !value.empty? && value.valid_encoding?
    end

    # The block writes and returns status and user. Whoever was faster is seen the second time.
    def unless_taken(fields, besides: 0)
      taken = @users.taken(fields, besides: besides)
      return Response.errors(422, taken.to_h { |name| [name, ['has already been taken']] }) if taken.any?

      status, user = yield
      Response.json(status, 'user' => user_json(user, @tokens.issue(user, @clock.call)))
    rescue Database::Duplicate
      retry
    end

    def hashed(fields)
      fields.key?('password') ? fields.merge('password' => @passwords.hash(fields['password'])) : fields
    end

    def user_json(user, token)
      { 'email' => user['email'], 'token' => token }.merge(user.slice('username', 'bio', 'image'))
    end
  end
end
