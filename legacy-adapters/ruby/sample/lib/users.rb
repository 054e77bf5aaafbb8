# frozen_string_literal: true

# Signing in, and the caller's own account.
class Conduit
  module Users
    def users_login(request)
      given = request.json['user']
      given = {} unless given.is_a?(Hash)
      blank = %w[email password].reject { |field| filled?(given[field]) }
      return Response.errors(422, blank.to_h { |field| [field, ["can't be blank"]] }) if blank.any?

      user = @users.by_password(given['email'], given['password'])
      return Response.errors(401, 'credentials' => ['invalid']) unless user

      Response.json(200, 'user' => user_json(user, @tokens.issue(user, @clock.call)))
    end

    def user_get(request)
      user = caller_of(request)
      user ? Response.json(200, 'user' => user_json(user, request.token)) : unauthorized(request)
    end

    private

    def filled?(value)
      value.is_a?(String) && !value.empty? && value.valid_encoding?
    end

    def user_json(user, token)
      { 'email' => user['email'], 'token' => token }.merge(user.slice('username', 'bio', 'image'))
    end
  end
end
