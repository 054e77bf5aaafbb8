/** The parts of a config that routes only name: the process and the upstreams, defaults filled in. Pure. */
import { join, resolve } from 'node:path'
import { absoluteStoreUrl } from '../store/store-url.ts'
import * as builtIn from './built-in.ts'
import type { ProcessConfig, UpstreamConfig } from './config.ts'
import { merge } from './merge.ts'
import type { StoreConfig } from './shadow-config.ts'
import type { UpstreamTls } from './upstream-config.ts'
import type { Part, WrittenConfig, WrittenUpstream } from './written.ts'

const tlsOf = (written: WrittenUpstream['tls'], directory: string): UpstreamTls | null => {
  if (written === undefined) return null
  const { ca, cert, key, serverName = null, verify = true } = written
  const file = (path: string | undefined): string | null =>
    path === undefined ? null : resolve(directory, path)
  return { ca: file(ca), cert: file(cert), key: file(key), serverName, verify }
}

export const upstreamOf = (
  name: string,
  written: WrittenUpstream,
  directory: string,
): UpstreamConfig => {
  const { url, urls = [], health, tls, ...said } = written
  return {
    normaliser: builtIn.normalisers.get(said.adapter ?? '') ?? [],
    ...merge(builtIn.upstream, said as Part<typeof builtIn.upstream>),
    name,
    urls: [...new Set(url === undefined ? urls : [url, ...urls])],
    tls: tlsOf(tls, directory),
    health: health === undefined ? null : { path: '/', ...builtIn.health, ...health },
  }
}

const storeOf = (
  written: WrittenConfig['store'],
  directory: string,
  stateDir: string,
): StoreConfig | null => {
  if (written === 'none') return null
  const { url = `sqlite:${join(stateDir, 'banyan.db')}`, ...rest } = written ?? {}
  return { url: absoluteStoreUrl(url, directory), ...merge(builtIn.store, rest) }
}

type WrittenTls = NonNullable<NonNullable<WrittenConfig['listen']>['tls']>

const listenTlsOf = (
  written: WrittenTls,
  absolute: (path: string) => string,
): NonNullable<ProcessConfig['listen']['tls']> => {
  const pair = ({ cert = '', key = '' }: Omit<WrittenTls, 'sni'>) => ({
    cert: absolute(cert),
    key: absolute(key),
  })
  const sni = Object.entries(written.sni ?? {}).map(([name, each]) => [name, pair(each)])
  return sni.length === 0 ? pair(written) : { ...pair(written), sni: Object.fromEntries(sni) }
}

/** @param directory absolute; paths in the config are relative to it */
export const processOf = (written: WrittenConfig, directory: string): ProcessConfig => {
  const { tls, ...listen } = written.listen ?? {}
  const { module, database, ...handlers } = written.handlers ?? {}
  const absolute = (path: string): string => resolve(directory, path)
  const stateDir = absolute(written.stateDir ?? builtIn.stateDir)
  return {
    listen: {
      ...merge(builtIn.listen, listen),
      tls: tls === undefined ? null : listenTlsOf(tls, absolute),
    },
    admin: merge(builtIn.admin, written.admin),
    probes: written.probes === undefined ? null : merge(builtIn.probes, written.probes),
    handlers: {
      ...merge(builtIn.handlers, handlers),
      module: module === undefined ? null : absolute(module),
      databaseUrl: database?.url ?? null,
    },
    shadow: merge(builtIn.shadow, written.shadow),
    store: storeOf(written.store, directory, stateDir),
    log: merge(builtIn.log, written.log),
    stateDir,
  }
}
