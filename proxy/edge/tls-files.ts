/** One certificate of the public listener, as it lies on disk. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** Absolute paths of PEM files; the certificate with its chain. */
export interface TlsPaths {
  readonly cert: string
  readonly key: string
}

/** What a TLS server is made with. */
export interface TlsFiles {
  readonly cert: Buffer
  readonly key: Buffer
  readonly minVersion: 'TLSv1.2'
}

const read = (noun: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw new Error(`${noun}: cannot read ${path} (${code})`, { cause })
  }
}

/** Why a certificate and a key cannot be used together; null: they can. */
export const proveTls = (files: TlsFiles): string | null => {
  try {
    createSecureContext(files)
    return null
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    return code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'
      ? 'the key is not the key of the certificate'
      : message
  }
}

/**
 * Reads and proves a certificate and its key.
 *
 * @param noun the config key that holds both paths, for the error
 * @throws Error that names the config key and the file
 */
export const readTlsFiles = (paths: TlsPaths, noun = 'listen.tls'): TlsFiles => {
  const files: TlsFiles = {
    cert: read(`${noun}.cert`, paths.cert),
    key: read(`${noun}.key`, paths.key),
    minVersion: 'TLSv1.2',
  }
  const why = proveTls(files)
  if (why !== null)
    throw new Error(`${noun}: ${paths.cert} and ${paths.key} cannot be used: ${why}`)
  return files
}
