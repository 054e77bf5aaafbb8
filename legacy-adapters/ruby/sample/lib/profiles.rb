# frozen_string_literal: true

# What everybody may see of a user.
class Conduit
  module Profiles
    def profiles_get(request, username)
      profile = @users.by_username(username)
      return Response.errors(404, 'profile' => ['not found']) unless profile

      caller = caller_of(request)
      following = !caller.nil? && @users.follows?(caller, profile)
      Response.json(200, 'profile' => profile.slice('username', 'bio', 'image').merge('following' => following))
    end
  end
end
