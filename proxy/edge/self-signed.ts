/** For tests of TLS: a certificate for localhost and 127.0.0.1, good until 2126, and its key. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const pem = (label: string, base64: string): string =>
  `-----BEGIN ${label}-----\n${base64.replace(/(.{64})/g, '$1\n')}\n-----END ${label}-----\n`

/** Guards nothing: it is in every copy of the repository. */
const key =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg44gA0Y9cFHg3mOkCrAszIVkzmsWJf8Mbn/AMJRFUM1ihRANCAATpkwgVZGxDpSs3gPsrEns88Pual0ykMEFwjzwGyfoU5pvQHU8rAXNZFIYT5gFGNvNMS25xeBt59ujN0sATtRP1'
const certificate =
  'MIIBnDCCAUGgAwIBAgIUZPNaSjkQDQlYqHf1ERhs0XE8thYwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA5NDk1OFoYDzIxMjYxMDI5MDk0OTU4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATpkwgVZGxDpSs3gPsrEns88Pual0ykMEFwjzwGyfoU5pvQHU8rAXNZFIYT5gFGNvNMS25xeBt59ujN0sATtRP1o28wbTAdBgNVHQ4EFgQUrRJUBvgSPDFamyIIhAWr1KVPRe0wHwYDVR0jBBgwFoAUrRJUBvgSPDFamyIIhAWr1KVPRe0wDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhAJUlalbR1cb90m5KUl8VMxMSXn450LUud6abPbOzu4dtAiEAzD5NZCHjWQgy70fUfvtK4ngJfy1HItY9+rPyLwyt7Og='

export interface SelfSigned {
  readonly cert: string
  readonly key: string
  /** The certificate itself, for clients that are to believe it. */
  readonly pem: string
}

/** Writes both to files of a directory of their own. */
export const writeSelfSigned = (): SelfSigned => {
  const directory = mkdtempSync(join(tmpdir(), 'banyan-tls-'))
  const files = { cert: join(directory, 'cert.pem'), key: join(directory, 'key.pem') }
  writeFileSync(files.cert, pem('CERTIFICATE', certificate))
  writeFileSync(files.key, pem('PRIVATE KEY', key), { mode: 0o600 })
  return { ...files, pem: pem('CERTIFICATE', certificate) }
}
