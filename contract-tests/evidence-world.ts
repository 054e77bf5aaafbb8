/** The command `banyan` between two origins that differ on purpose, with a store of its own. For tests. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RouteDiffs } from '../proxy/cutover/route-diffs.ts'
import type { RouteVerdicts } from '../proxy/cutover/route-verdicts.ts'
import { type LabOrigin, startOrigin } from '../proxy/shadow/shadow-lab.ts'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { until } from './lab/until.ts'

export interface EvidenceWorld {
  banyan(): Banyan
  /** Asks each path once, one after the other. */
  ask(paths: readonly string[]): Promise<void>
  /** The evidence of a route, once so many samples were told. */
  evidence(route: string, samples: number): Promise<RouteVerdicts>
  /** That of a route which has begun anew, once the process has read what was before. */
  anew(route: string): Promise<RouteVerdicts>
  diffs(route: string): Promise<RouteDiffs>
  /** Ends the process as `SIGTERM` does, changes what it is made of, and starts another one. */
  restart(changes?: Partial<Made>): Promise<void>
  /** Writes the config anew and has it read at once. */
  reload(changes: Partial<Made>): Promise<void>
  close(): Promise<void>
}

/** What an epoch is about. */
interface Made {
  /** Of the handlers. */
  readonly build: string
  /** Of the route `prices`, as YAML. */
  readonly compare: string
  /** Time limit of the modern upstream, which is a part of it as any other. */
  readonly total: string
}

const configOf = (store: string, { compare, total }: Made, urls: readonly string[]): string => `
listen: { host: 127.0.0.1, port: "\${BANYAN_PORT}", drain: { delay: 0s, grace: 0s } }
admin: { port: "\${BANYAN_ADMIN_PORT}" }
stateDir: "\${BANYAN_STATE_DIR}"
store: { url: ${JSON.stringify(store)} }
shadow: { delayLimit: 1m, rssLimit: 100GiB }
handlers: { module: handlers/app.mjs }
gates: { parity: { signal: shadow.mismatch, limit: 20%, minSamples: 10 } }
upstreams:
  php: { url: "${urls[0]}" }
  ts: { url: "${urls[1]}", timeouts: { total: ${total} } }
routes:
  goods: { match: "GET /goods/:id", legacy: php, modern: ts, effects: read, stage: shadow }
  prices: { match: "GET /prices/:id", legacy: php, modern: ts, effects: read, stage: shadow, compare: ${compare} }
  clocks: { match: "GET /clocks/:id", legacy: php, modern: ts, effects: read, stage: shadow }
  own: { match: "GET /own/:id", legacy: php, modern: handlers, effects: read, stage: shadow }
`

const handlersOf = ({ build }: Made): string => `
import Koa from ${JSON.stringify(import.meta.resolve('koa'))}
export const build = ${JSON.stringify(build)}
export const createApp = () => {
  const app = new Koa()
  app.use((ctx) => {
    ctx.body = { price: 1 }
  })
  return { app, close: async () => {} }
}
`

/** Legacy's clock never says the same twice; modern's price is wrong. */
const startSide = (price: number, clock: () => number): Promise<LabOrigin> =>
  startOrigin(({ url = '' }, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' })
    const said = url.startsWith('/clocks/')
      ? { at: clock() }
      : { price: url.startsWith('/prices/') ? price : 1 }
    answer.end(JSON.stringify(said))
  })

const sumOf = (outcomes: RouteVerdicts['outcomes']): number =>
  Object.values(outcomes).reduce((sum, count) => sum + count, 0)

const plain: Made = { build: 'one', compare: '[]', total: '30s' }

/** @param store URL of the store; relative paths are relative to `dir` */
export const startEvidenceWorld = async (dir: string, store: string): Promise<EvidenceWorld> => {
  let ticks = 0
  const clock = (): number => ++ticks
  const [legacy, modern] = [await startSide(1, clock), await startSide(2, clock)]
  const configFile = join(dir, 'banyan.yaml')
  let made = plain
  const write = (changes: Partial<Made>): void => {
    made = { ...made, ...changes }
    mkdirSync(join(dir, 'handlers'), { recursive: true })
    writeFileSync(join(dir, 'handlers/app.mjs'), handlersOf(made))
    writeFileSync(configFile, configOf(store, made, [legacy.url, modern.url]))
  }
  const none = { url: 'http://127.0.0.1:9' }
  const surroundings = { dir, jwtSecret: '', database: { url: '' }, php: none, ruby: none }
  const start = (): Promise<Banyan> => startBanyan(surroundings, { configFile })
  const closeOrigins = (): void => {
    legacy.close()
    modern.close()
  }
  write({})
  let banyan = await start().catch((error: unknown) => {
    closeOrigins()
    throw error
  })

  const read = async <Value>(path: string): Promise<Value> =>
    (await (await fetch(banyan.adminUrl + path)).json()) as Value
  const evidenceThat = (
    route: string,
    isWanted: (found: RouteVerdicts) => boolean,
  ): Promise<RouteVerdicts> =>
    until(async () => {
      const { evidence } = await read<{ evidence: RouteVerdicts | null }>(`/v1/routes/${route}`)
      return evidence !== null && isWanted(evidence) ? evidence : null
    })
  return {
    banyan: () => banyan,
    async ask(paths) {
      for (const path of paths) await (await fetch(banyan.url + path)).arrayBuffer()
    },
    evidence: (route, samples) =>
      evidenceThat(route, ({ outcomes }) => sumOf(outcomes) === samples),
    anew: (route) =>
      evidenceThat(route, ({ trials, resetReason }) => trials === 0 && resetReason !== null),
    diffs: async (route) => (await read<{ diffs: RouteDiffs }>(`/v1/routes/${route}/diffs`)).diffs,
    async restart(changes = {}) {
      await banyan.close()
      write(changes)
      banyan = await start()
    },
    async reload(changes) {
      write(changes)
      await banyan.flip({})
    },
    async close() {
      await banyan.close()
      closeOrigins()
    },
  }
}
