# frozen_string_literal: true

# What everybody may see of a user.
class Conduit
  module Profiles
    def profiles_get(request, username)
      profile = @users.by_username(username)
      return no_profile unless profile

      caller = caller_of(request)
      profile_json(profile, !caller.nil? && @users.follows?(caller, profile))
    end

    def profiles_follow(request, username)
      with_profile(request, username) do |user, profile|
        if user['id'] == profile['id']
          Response.errors(422, 'username' => ['is not valid'])
        else
          @users.follow(user, profile, @clock.call)
          profile_json(profile, true)
        end
      end
    end

    # Who does not follow may stop, too.
    def profiles_unfollow(request, username)
      with_profile(request, username) do |user, profile|
        @users.unfollow(user, profile)
        profile_json(profile, false)
      end
    end

    private

    def with_profile(request, username)
      user = caller_of(request)
      return unauthorized(request) unless user

      profile = @users.by_username(username)
      profile ? yield(user, profile) : no_profile
    end

    def no_profile
      Response.errors(404, 'profile' => ['not found'])
    end

    def profile_json(profile, following)
      Response.json(200, 'profile' => profile.slice('username', 'bio', 'image').merge('following' => following))
    end
  end
end
