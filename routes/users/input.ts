import { z } from 'zod'
import { filledText, messages } from '../input.ts'

export interface Credentials {
  readonly email: string
  readonly password: string
}

export interface NewUser extends Credentials {
  readonly username: string
}

/** What is not there stays as it is. */
export interface UserChanges extends Partial<NewUser> {
  readonly bio?: string | null
  readonly image?: string | null
}

const leastPassword = 8

/** Any text but an empty one: a password may be of spaces. */
const anyText = z.string(messages.blank).min(1, messages.blank)
const email = filledText.regex(/@/, messages.wrong)
const password = anyText.refine((text) => [...text].length >= leastPassword, {
  error: `is too short (minimum is ${leastPassword} characters)`,
})

/** An empty text says the same as null: there is none. */
const optionalText = z
  .string(messages.wrong)
  .nullable()
  .transform((text) => text || null)

export const credentials: z.ZodType<Credentials> = z.object({ email: anyText, password: anyText })

export const newUser: z.ZodType<NewUser> = z.object({ username: filledText, email, password })

export const userChanges: z.ZodType<UserChanges> = z.object({
  username: filledText.exactOptional(),
  email: email.exactOptional(),
  password: password.exactOptional(),
  bio: optionalText.exactOptional(),
  image: optionalText.exactOptional(),
})
