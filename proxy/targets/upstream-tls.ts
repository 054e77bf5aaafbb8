/** TLS to an upstream: from the files that the config names to what a connection needs. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
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

/** The files of one upstream. Certificates are renewed while a config stays as it is. */
export interface SecureFiles {
  /** The same object until a file has changed. */
  now(): SecureOptions
  /** Begins to look at the files again and again. Keeps no process alive. */
  start(): void
  close(): void
}

export interface SecureFilesOptions {
  readonly everyMs: number
  /** Changed files cannot be used (why), so that what was read before holds; or can again (null). */
  readonly onTrouble: (error: unknown) => void
}

const namesOf = ({ ca, cert, key }: UpstreamTls): readonly string[] =>
  [ca, cert, key].filter((name) => name !== null)

/** @throws Error where a file cannot be read, or is not what it should be */
export const createSecureFiles = (
  tls: UpstreamTls,
  { everyMs, onTrouble }: SecureFilesOptions,
): SecureFiles => {
  const names = namesOf(tls)
  let texts = new Map(names.map((name) => [name, readFileSync(name, 'utf8')]))
  let isTroubled = false
  let timer: NodeJS.Timeout | null = null
  const use = (from: ReadonlyMap<string, string>): SecureOptions =>
    secureOptions(tls, (name) => from.get(name) ?? '')
  let current = use(texts)
  const look = async (): Promise<void> => {
    const read = names.map(async (name) => [name, await readFile(name, 'utf8')] as const)
    const found = new Map(await Promise.all(read))
    if (names.every((name) => found.get(name) === texts.get(name))) return
    current = use(found)
    texts = found
  }
  const tell = (error: unknown): void => {
    const isNews = error === null ? isTroubled : !isTroubled
    isTroubled = error !== null
    if (isNews) onTrouble(error)
  }
  return {
    now: () => current,
    start() {
      if (names.length === 0) return
      timer ??= setInterval(() => void look().then(() => tell(null), tell), everyMs).unref()
    },
    close() {
      if (timer !== null) clearInterval(timer)
      timer = null
    },
  }
}
