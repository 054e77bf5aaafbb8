/** The certificate of the public listener. */
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'

/** What a TLS server is made with. */
export interface TlsFiles {
  readonly cert: Buffer
  readonly key: Buffer
  readonly minVersion: 'TLSv1.2'
}

const read = (key: string, path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    throw new Error(`listen.tls.${key}: cannot read ${path} (${code})`, { cause })
  }
}

/**
 * Reads and proves a PEM certificate (with its chain) and its key.
 *
 * @throws Error that names the config key and the file
 */
export const readTlsFiles = (paths: { readonly cert: string; readonly key: string }): TlsFiles => {
  const files: TlsFiles = {
    cert: read('cert', paths.cert),
    key: read('key', paths.key),
    minVersion: 'TLSv1.2',
  }
  try {
    createSecureContext(files)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const why =
      code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'
        ? 'the key is not the key of the certificate'
        : message
    throw new Error(`listen.tls: ${paths.cert} and ${paths.key} cannot be used: ${why}`, { cause })
  }
  return files
}
