import { z } from 'zod'
import { isFilled, lengthOf, messages, upTo } from '../input.ts'

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
const anyText = z.string(messages.blank).min(1, { error: messages.blank, abort: true })

const shortText = z
  .string(messages.blank)
  .refine(...upTo(255, 'characters'))
  .refine(isFilled, { error: messages.blank, abort: true })

const username = shortText
const email = shortText.regex(/@/, messages.wrong)
const password = anyText
  // bcrypt would take it for the end.
  .refine((text) => !text.includes('\0'), { error: messages.wrong, abort: true })
  .refine((text) => lengthOf(text, 'characters') >= leastPassword, {
    error: `is too short (minimum is ${leastPassword} characters)`,
  })

/** An empty text says the same as null: there is none. */
const optionalText = (most: number, unit: 'characters' | 'bytes') =>
  z
    .string(messages.wrong)
    .refine(...upTo(most, unit))
    .nullable()
    .transform((text) => text || null)
    .exactOptional()

export const credentials: z.ZodType<Credentials> = z.object({ email: anyText, password: anyText })

export const newUser: z.ZodType<NewUser> = z.object({ username, email, password })

export const userChanges: z.ZodType<UserChanges> = z.object({
  username: username.exactOptional(),
  email: email.exactOptional(),
  password: password.exactOptional(),
  bio: optionalText(65_535, 'bytes'),
  image: optionalText(1000, 'characters'),
})
