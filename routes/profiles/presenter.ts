import type { User } from '../users/model.ts'

export interface ProfileJson {
  readonly username: string
  readonly bio: string | null
  readonly image: string | null
  readonly following: boolean
}

/** What everybody may see of a user. An empty bio stays empty, an absent one `null`. */
export const presentProfile = (
  { username, bio, image }: Pick<User, 'username' | 'bio' | 'image'>,
  following: boolean,
): ProfileJson => ({ username, bio, image, following })
