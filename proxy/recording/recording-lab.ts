/** A proxy between two origins whose exchanges are recorded to a file, and the commands on it. For tests. */
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFolder, type Folder, type Ran, run } from '../commands/command-lab.ts'
import type { Io } from '../commands/io.ts'
import { type RecordOptions, record } from '../commands/record.ts'
import { replay } from '../commands/replay.ts'
import type { ReplayOptions } from '../commands/replay-options.ts'
import { loadConfig } from '../config/load.ts'
import type { StoredDetail } from '../config/shadow-config.ts'
import { createProxy, type Proxy as RunningProxy } from '../proxy.ts'
import type { Tally } from '../shadow/finding.ts'
import {
  askOn,
  type LabAsk,
  type LabOrigin,
  type LabReply,
  type Listener,
  startOrigin,
} from '../shadow/shadow-lab.ts'
import { createHeardLog, type HeardLine } from '../telemetry/plain-exchange.ts'
import type { Recorded } from './recorded.ts'
import { readRecordingLine } from './recording-text.ts'

export interface RecordingLab {
  readonly folder: Folder
  readonly config: string
  readonly proxy: RunningProxy
  readonly adminUrl: string
  readonly legacy: LabOrigin
  readonly modern: LabOrigin
  readonly heard: readonly HeardLine[]
  /** What shadows have told so far. */
  readonly tallies: readonly Tally[]
  ask(ask?: LabAsk): Promise<LabReply>
  /** Records what `traffic` asks; the path of the recording. */
  record(traffic: () => Promise<void>, changes?: Partial<RecordOptions>): Promise<string>
  replay(file: string, changes?: Partial<ReplayOptions>, io?: Partial<Io>): Promise<Ran>
  close(): Promise<void>
}

export interface RecordingLabOptions {
  readonly legacy: Listener
  readonly modern: Listener
  /** YAML of the routes, below `routes:`. */
  readonly routes: string
  /** YAML besides. */
  readonly more?: string
  /** Default none. */
  readonly trustedProxies?: string
  /** Default `redacted`. */
  readonly store?: StoredDetail
}

const plainRecord: Omit<RecordOptions, 'config' | 'admin'> = {
  ...{ routes: [], for: '1m', limit: '1000', size: '16MiB', out: null, json: false },
}

const plainReplay: Omit<ReplayOptions, 'config' | 'file'> = {
  ...{ against: 'modern', speed: 'max', concurrency: '4', rules: null, routes: [], json: true },
  ...{ onlyReads: false, withWrites: false, tokenFrom: null, headers: [], scenario: null },
  ...{ form: 'scenario', top: '10' },
}

/** The exchanges of a recording. */
export const exchangesOf = (file: string): readonly Recorded[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .map(readRecordingLine)
    .flatMap((line) => (line.is === 'exchange' ? [line.recorded] : []))

const hasHead = (file: string): boolean => existsSync(file) && readFileSync(file).includes('\n')

/** Resolves once the file has its first line. */
const begun = async (file: string): Promise<void> => {
  while (!hasHead(file)) await once(AbortSignal.timeout(20), 'abort')
}

const textOf = (
  options: RecordingLabOptions,
  folder: Folder,
  { legacy, modern }: Pick<RecordingLab, 'legacy' | 'modern'>,
): string =>
  [
    `listen: { port: 0, trustedProxies: [${options.trustedProxies ?? ''}] }`,
    'admin: { port: 0 }',
    `stateDir: ${join(folder.path, 'state')}`,
    `shadow: { store: ${options.store ?? 'redacted'}, delayLimit: 1m, rssLimit: 100GiB }`,
    options.more ?? '',
    'upstreams:',
    `  php: { url: "${legacy.url}" }`,
    `  ts: { url: "${modern.url}" }`,
    'routes:',
    options.routes,
    '',
  ].join('\n')

export const startRecordingLab = async (options: RecordingLabOptions): Promise<RecordingLab> => {
  const folder = createFolder()
  const legacy = await startOrigin(options.legacy)
  const modern = await startOrigin(options.modern)
  const config = folder.write('banyan.yaml', textOf(options, folder, { legacy, modern }))
  const loaded = await loadConfig(config, { env: {}, adapters: null })
  if (loaded.config === null) {
    legacy.close()
    modern.close()
    throw new Error(JSON.stringify(loaded.diagnostics))
  }
  const { log, heard } = createHeardLog()
  const tallies: Tally[] = []
  const tell = (tally: Tally): void => void tallies.push(tally)
  const proxy = createProxy(
    { config: loaded.config },
    { log, nodeMetrics: false, random: () => 0.999, tell },
  )
  const { url, adminUrl } = await proxy.start()
  let files = 0
  return {
    ...{ folder, config, proxy, adminUrl, legacy, modern, heard, tallies },
    ask: askOn(Number(new URL(url).port)),
    async record(traffic, changes) {
      const stop = new AbortController()
      files += 1
      const out = join(folder.path, `recording-${files}.ndjson`)
      const options = { ...plainRecord, config, admin: adminUrl, out, ...changes }
      const ran = run((io) => record(options, io), { stop: () => stop.signal })
      await begun(out)
      await traffic()
      stop.abort()
      const { code, err } = await ran
      if (code !== 0) throw new Error(err)
      return out
    },
    replay: (file, changes, io) =>
      run((world) => replay({ ...plainReplay, config, file, ...changes }, world), io),
    async close() {
      await proxy.close()
      legacy.close()
      modern.close()
      folder.remove()
    },
  }
}
