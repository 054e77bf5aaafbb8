/**
 * The certificates of the public listener, by the names that clients ask for. What changes on disk
 * is taken up by the connections that begin from then on; what cannot be used changes nothing.
 */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls'
import type { ListenConfig } from '../config/config.ts'
import { createDebounce } from '../config/debounce.ts'
import { createDirectoryWatch } from '../config/directory-watch.ts'
import type { Log } from '../telemetry/log.ts'
import { proveTls, readTlsFiles, type TlsFiles, type TlsPaths } from './tls-files.ts'

/** The certificate for clients that name nobody, or somebody unknown. */
const defaultName = 'default'

export interface CertificateStatus {
  /** Under `listen.tls.sni`, or `default`. */
  readonly name: string
  /** ISO 8601. */
  readonly expires: string
  /** Why what lies on disk is not in use; null: it is. */
  readonly rejected: string | null
}

export interface Certificates {
  /** For the making of a TLS server. */
  readonly options: Pick<TlsOptions, 'cert' | 'key' | 'minVersion' | 'SNICallback'>
  /** Tells a server of the default certificate when it changes. */
  follow(server: { setSecureContext(files: TlsFiles): void }): void
  /** Reads the files anew, changed or not. Never rejects. */
  look(): Promise<void>
  status(): readonly CertificateStatus[]
  close(): void
}

interface Certificate {
  readonly name: string
  readonly paths: TlsPaths
  /** In use. */
  files: TlsFiles
  context: SecureContext
  expires: Date
  /** What was read last: a broken pair is told of once. */
  seen: TlsFiles
  rejected: string | null
}

const pollMs = 5_000
const quietMs = 200

const expiryOf = ({ cert }: TlsFiles): Date => new Date(new X509Certificate(cert).validTo)

const isSame = (a: TlsFiles, b: TlsFiles): boolean => a.cert.equals(b.cert) && a.key.equals(b.key)

const open = (name: string, paths: TlsPaths, noun: string): Certificate => {
  const files = readTlsFiles(paths, noun)
  const context = createSecureContext(files)
  return { name, paths, files, context, expires: expiryOf(files), seen: files, rejected: null }
}

/** A name itself, or the `*.` that stands for its first label. */
const namesFor = (asked: string): readonly string[] => {
  const name = asked.toLowerCase()
  return [name, `*${name.slice(Math.max(0, name.indexOf('.')))}`]
}

/** Puts what was read in use, or throws what is wrong with it. */
const renew = (certificate: Certificate, files: TlsFiles): void => {
  const why = proveTls(files)
  if (why !== null) throw new Error(why)
  const expires = expiryOf(files)
  if (expires.getTime() <= Date.now()) throw new Error(`it expired at ${expires.toISOString()}`)
  Object.assign(certificate, { files, expires, context: createSecureContext(files) })
}

/** Looks at one: `applied` is called once what was read is in use. Never rejects. */
const createLookAt =
  (log: Pick<Log, 'info' | 'error'>, applied: (certificate: Certificate) => void) =>
  async (certificate: Certificate): Promise<void> => {
    const { name, paths } = certificate
    try {
      const [cert, key] = await Promise.all([readFile(paths.cert), readFile(paths.key)])
      const files: TlsFiles = { cert, key, minVersion: 'TLSv1.2' }
      if (isSame(files, certificate.seen)) return
      certificate.seen = files
      if (!isSame(files, certificate.files)) {
        renew(certificate, files)
        log.info('certificate_applied', { name, expires: certificate.expires.toISOString() })
        applied(certificate)
      }
      certificate.rejected = null
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (certificate.rejected !== why)
        log.error('certificate_rejected', { name, file: paths.cert, why })
      certificate.rejected = why
    }
  }

/** Has `look` called when something changes in the folders, and every so often. */
const watchFolders = (
  folders: readonly string[],
  look: () => Promise<void>,
  trouble: (error: unknown) => void,
): (() => void) => {
  const act = (): void => void look()
  const debounce = createDebounce({
    quietMs,
    mostMs: 10 * quietMs,
    now: () => performance.now(),
    act,
  })
  const directories = createDirectoryWatch(debounce.ask, trouble)
  directories.set([...new Set(folders)]).catch(trouble)
  const poll = setInterval(act, pollMs)
  poll.unref()
  return () => {
    clearInterval(poll)
    debounce.cancel()
    directories.close()
  }
}

/** @throws Error that names the config key and the file, when one cannot be used at first */
export const createCertificates = (
  tls: NonNullable<ListenConfig['tls']>,
  log: Pick<Log, 'info' | 'error' | 'warn'>,
): Certificates => {
  const first = open(defaultName, tls, 'listen.tls')
  const others = Object.entries(tls.sni ?? {}).map(([name, paths]) =>
    open(name.toLowerCase(), paths, `listen.tls.sni.${name}`),
  )
  const byName = new Map(others.map((each) => [each.name, each]))
  const all = [first, ...others]
  const servers: { setSecureContext(files: TlsFiles): void }[] = []

  const lookAt = createLookAt(log, (certificate) => {
    if (certificate !== first) return
    for (const server of servers) server.setSecureContext(first.files)
  })
  const look = async (): Promise<void> => {
    await Promise.all(all.map(lookAt))
  }
  const folders = all.flatMap(({ paths }) => [dirname(paths.cert), dirname(paths.key)])
  const close = watchFolders(folders, look, (err) => log.warn('config_watch_trouble', { err }))

  return {
    options: {
      ...first.files,
      SNICallback(asked, done) {
        const found = namesFor(asked).find((name) => byName.has(name))
        done(null, (found === undefined ? first : byName.get(found))?.context)
      },
    },
    follow: (server) => void servers.push(server),
    look,
    status: () =>
      all.map(({ name, expires, rejected }) => ({
        name,
        expires: expires.toISOString(),
        rejected,
      })),
    close,
  }
}
