/** An admin listener on loopback ports over a status that a test writes, for tests of what it answers. */
import { request } from 'node:http'
import type { Config } from '../config/config.ts'
import type { Kill } from '../cutover/kill.ts'
import { plainConfig, plainUpstream } from '../edge/plain-config.ts'
import { createRecorder, type Recorder } from '../recording/recorder.ts'
import { plainRoute } from '../routing/plain-route.ts'
import { createBoard } from '../telemetry/board.ts'
import { createMetrics, type Metrics } from '../telemetry/metrics.ts'
import { createHeardLog, type HeardLine } from '../telemetry/plain-exchange.ts'
import { scrapeStatus } from '../telemetry/scrape.ts'
import { createAdmin } from './admin.ts'
import type { AdminActions } from './change-paths.ts'
import { createStatus, type StatusSources } from './status.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly bytes: Buffer
}

export interface Ask {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface AdminLab {
  /** Of the main listener. */
  readonly url: string
  readonly heard: readonly HeardLine[]
  readonly metrics: Metrics
  admin(ask: Ask): Promise<Reply>
  probes(ask: Ask): Promise<Reply>
  close(): Promise<void>
}

export const labConfig: Config = plainConfig({
  probes: { host: '127.0.0.1', port: 0 },
  upstreams: { php: plainUpstream(['http://user:secret@127.0.0.1:9/']) },
  handlers: {
    module: '/srv/app.js',
    timeoutMs: 1_000,
    concurrency: 1,
    databaseUrl: 'mysql://root:secret@127.0.0.1/shop?password=secret',
  },
  routes: [
    plainRoute('articles.list', { stage: 'canary', weightBp: 1_000, examples: ['GET /a'] }),
    plainRoute('rest', { modern: null }),
  ],
})

/** Kills in memory, with the receipts of real ones. */
export const memoryKills = (): AdminActions['kills'] => {
  const held = new Map<string, Kill>()
  return {
    async kill({ scope, reason, forMs }) {
      const kill = { scope, reason, sinceMs: 0, untilMs: forMs }
      held.set(scope, kill)
      return { kill, survivesRestart: true }
    },
    async lift(scope) {
      const kill = held.get(scope) ?? null
      held.delete(scope)
      return { kill, survivesRestart: true }
    },
    list: () => [...held.values()],
    shadowsKilled: () => held.has('shadow'),
    killed: ({ id }) => held.has('all') || held.has(`route:${id}`),
  }
}

/** Of a proxy that shadows nothing. */
export const emptyFindings: StatusSources['findings'] = {
  verdicts: () => null,
  refresh: async () => {},
  diffs: async () => null,
  exemplars: async () => [],
  exemplar: async () => null,
  suggestions: async (route) => ({ route, repeats: 0, written: 0, suggestions: [], yaml: '' }),
}

const asker =
  (port: number) =>
  ({ method = 'GET', path, headers = {}, body = '' }: Ask): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false })
      sent.on('error', reject)
      sent.on('response', (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const { statusCode: status = 0, headers: got } = answer
          resolve({ status, headers: got, text: bytes.toString(), bytes })
        })
      })
      sent.end(body)
    })

/** One that is given no exchange. */
export const idleRecorder = (): Recorder =>
  createRecorder({
    ...{ key: new Uint8Array(32), level: 'redacted', bodyLimitBytes: 0, wallNow: () => 0 },
    comparer: { record: async () => 'compare_failed' },
    count: () => {},
    onEnd: () => {},
  })

export const startAdmin = async (
  sources: Partial<StatusSources> = {},
  actions: Partial<AdminActions> = {},
): Promise<AdminLab> => {
  const { log, heard } = createHeardLog()
  const metrics = createMetrics({ log, node: false })
  const kills = memoryKills()
  const status = createStatus({
    process: () => ({
      state: 'ready',
      version: '1.2.3',
      node: '20.19.0',
      pid: 1,
      startedAt: new Date(0).toISOString(),
      uptimeMs: 1_000,
      listeners: [],
      handlersBuild: 'build-7',
      requestsInFlight: 3,
      tunnelsInFlight: 1,
    }),
    config: () => labConfig,
    reloads: () => ({ file: '/etc/b.yaml', appliedAt: new Date(0).toISOString(), rejected: null }),
    upstreams: () => [],
    breakers: () => [],
    kills: kills.list,
    store: () => ({ url: 'sqlite:/srv/var/banyan.db', problem: null, dropped: 0 }),
    findings: emptyFindings,
    conditions: () => ({ killed: kills.killed, blocked: () => null }),
    board: createBoard(() => 0),
    ...sources,
  })
  scrapeStatus(metrics, status)
  const admin = createAdmin({
    admin: labConfig.admin,
    probes: labConfig.probes,
    status,
    metrics,
    log,
    recorder: idleRecorder(),
    actions: {
      kills,
      reload: async () => ({ result: 'unchanged', revision: 'r', diagnostics: [] }),
      explain: (question) => question,
      ...actions,
    },
  })
  const [main, probes] = await admin.listen()
  return {
    url: `http://127.0.0.1:${main?.port}`,
    heard,
    metrics,
    admin: asker(main?.port ?? 0),
    probes: asker(probes?.port ?? 0),
    async close() {
      metrics.close()
      await admin.close()
    },
  }
}
