import type { User } from './model.ts'

export interface UserJson {
  readonly email: string
  readonly token: string
  readonly username: string
  readonly bio: string | null
  readonly image: string | null
}

/** What only the user may see. Shown in the legacy's order: some clients read JSON in order. */
export const presentUser = (
  { email, username, bio, image }: Pick<User, 'email' | 'username' | 'bio' | 'image'>,
  token: string,
): UserJson => ({ email, token, username, bio, image })
