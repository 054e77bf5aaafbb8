/** TLS to upstreams: files that are there and fit together, and a word on what is not verified. */
import { secureOptions } from '../../targets/upstream-tls.ts'
import { type Fault, fault } from '../diagnostics.ts'
import type { Draft } from '../draft.ts'
import type { UpstreamTls } from '../upstream-config.ts'
import { type Check, inMain, type PlacedFault, type World } from './check.ts'

const none: UpstreamTls = { ca: null, cert: null, key: null, serverName: null, verify: true }
const files = ['ca', 'cert', 'key'] as const

/** Where it is found: the key that says it, else the whole of `tls`. */
type Found = readonly [at: string | null, what: Fault]

const missingFiles = (tls: UpstreamTls, { exists }: World): readonly Found[] =>
  files.flatMap((key): Found[] => {
    const file = tls[key]
    if (file === null || exists === null || exists(file)) return []
    const hint = `paths are relative to the config file: this one means ${file}`
    return [[key, fault('unknownFile', 'there is no such file', hint)]]
  })

const halfPair = ({ cert, key }: UpstreamTls): readonly Found[] => {
  if ((cert === null) === (key === null)) return []
  const such = cert === null ? 'cert: ./tls/client.pem' : 'key: ./tls/client-key.pem'
  return [[null, fault('missingKey', 'a client certificate needs cert and key', `such as ${such}`)]]
}

/** What of a certificate is wrong, without a word of what the file holds. */
const reasonOf = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error)
  if (/mismatch/i.test(message)) return 'the key is not the one of the certificate'
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  return /^E[A-Z]+$/.test(code) ? `reading it failed: ${code}` : 'it is no PEM that can be read'
}

const broken = (tls: UpstreamTls, { read }: World): readonly Found[] => {
  if (read === null) return []
  const tried: readonly (readonly [string, UpstreamTls])[] = [
    ['ca', { ...none, ca: tls.ca }],
    ['cert', { ...none, cert: tls.cert }],
    ['key', { ...none, key: tls.key }],
    ['key', { ...tls, ca: null }],
  ]
  for (const [key, part] of tried) {
    try {
      secureOptions(part, read)
    } catch (error) {
      return [[key, fault('badTls', reasonOf(error), 'PEM files are read when the config is')]]
    }
  }
  return []
}

const unverified = ({ verify }: UpstreamTls): readonly Found[] => {
  if (verify) return []
  const message = 'whoever stands between can pretend to be this upstream'
  const hint = 'tls: { ca: ./tls/ca.pem } believes a certificate of your own'
  return [['verify', fault('unverifiedTls', message, hint)]]
}

const isHttps = (url: string): boolean => /^https:/i.test(url)

const plain = (urls: readonly string[]): readonly Found[] =>
  urls.length === 0 || urls.some(isHttps)
    ? []
    : [
        [
          null,
          fault('notAllowed', 'tls is for https:// addresses', 'take it out, or write https://'),
        ],
      ]

const foundIn = (tls: UpstreamTls, urls: readonly string[], world: World): readonly Found[] => {
  const early = [...plain(urls), ...halfPair(tls), ...missingFiles(tls, world)]
  return [...early, ...(early.length > 0 ? [] : broken(tls, world)), ...unverified(tls)]
}

const placed = (draft: Draft, name: string, [at, what]: Found): PlacedFault => {
  const path = ['upstreams', name, 'tls']
  return at === null ? inMain(draft, path, what, 'key') : inMain(draft, [...path, at], what)
}

export const upstreamTlsCheck: Check = (draft, world) =>
  Object.values(draft.config.upstreams).flatMap(({ name, urls, tls = null }) =>
    tls === null ? [] : foundIn(tls, urls, world).map((found) => placed(draft, name, found)),
  )
