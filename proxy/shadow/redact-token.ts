/** What stands for a secret: the same one always gets the same token, and no way leads back. Pure. */
import { createHmac } from 'node:crypto'

export interface Tokens {
  /** `hmac:` and 16 hex digits. */
  of(secret: string): string
  /** As many digits, letters and separators as the secret has, all others in their place. */
  shaped(secret: string): string
  /** A JSON number. */
  number(secret: string): string
}

const mark = 'hmac:'
const tokenPattern = /^hmac:[\da-f]{16}$/

/** Whether it already stands for something else. */
export const isToken = (text: string): boolean => tokenPattern.test(text)

/** @param key of this instance; whoever has it can try secrets, but not read them */
export const createTokens = (key: Uint8Array): Tokens => {
  const digest = (secret: string): Buffer =>
    createHmac('sha256', key).update(secret, 'utf8').digest()
  return {
    of: (secret) => (isToken(secret) ? secret : mark + digest(secret).toString('hex').slice(0, 16)),
    shaped(secret) {
      const bytes = digest(secret)
      let at = 0
      const next = (from: string): string => {
        const byte = bytes[at % bytes.length] ?? 0
        at += 1
        return from.charAt((byte + at) % from.length)
      }
      return secret.replace(/[A-Za-z\d]/g, (char) => {
        if (/\d/.test(char)) return next('0123456789')
        return next(
          /[a-z]/.test(char) ? 'abcdefghijklmnopqrstuvwxyz' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
        )
      })
    },
    number: (secret) => String(digest(secret).readUIntBE(0, 6)),
  }
}
