/** TLS to an upstream: from the files that the config names to what a connection needs. */
import { X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import type { UpstreamTls } from '../config/upstream-config.ts'
import type { SecureOptions } from './connector.ts'

const pemBlock = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** OpenSSL passes over what is none, and would then believe nobody. */
const certificatesIn = (pem: string): string => {
  const blocks = pem.match(pemBlock) ?? []
  if (blocks.length === 0) throw new TypeError('there is no certificate in it')
  for (const block of blocks) new X509Certificate(block)
  return pem
}

/**
 * @param read gives a file as text, or throws
 * @throws Error where a file cannot be read, or is not what it should be
 */
export const secureOptions = (
  tls: UpstreamTls | null | undefined,
  read: (path: string) => string,
): SecureOptions => {
  if (tls === null || tls === undefined) return {}
  const { ca, cert, key, serverName, verify } = tls
  return {
    secureContext: createSecureContext({
      ...(ca === null ? {} : { ca: certificatesIn(read(ca)) }),
      ...(cert === null ? {} : { cert: read(cert) }),
      ...(key === null ? {} : { key: read(key) }),
    }),
    ...(serverName === null ? {} : { servername: serverName }),
    rejectUnauthorized: verify,
  }
}
