/** Passwords as PHP's `password_hash` and the C library's `crypt` keep them: bcrypt, `$2y$`. */
import { compare, genSalt, hash } from 'bcryptjs'

export interface Passwords {
  hash(password: string): Promise<string>
  matches(password: string, kept: string): Promise<boolean>
}

const usualCost = 10

/** Throws a TypeError for a cost that bcrypt does not have. */
const costOf = (text: string | undefined): number => {
  const cost = text === undefined ? usualCost : Number(text)
  if (Number.isInteger(cost) && cost >= 4 && cost <= 31) return cost
  throw new TypeError(`BCRYPT_COST must be a whole number from 4 to 31, not "${text}"`)
}

/**
 * @param cost power of two of the rounds, as text; default 10, which is PHP's
 */
export const createPasswords = (cost: string | undefined): Passwords => {
  const rounds = costOf(cost)
  return {
    async hash(password) {
      const salt = await genSalt(rounds)
      return hash(password, salt.replace(/^\$2b/, '$2y'))
    },
    // A NUL ends the text for crypt, so the legacy lets nobody in with one.
    matches: async (password, kept) => !password.includes('\0') && compare(password, kept),
  }
}
