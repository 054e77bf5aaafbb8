/** A whole proxy between two scripted origins, and a wait for outcomes. For tests. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as builtIn from '../config/built-in.ts'
import type { Config } from '../config/config.ts'
import { plainConfig, plainListen, plainUpstream } from '../edge/plain-config.ts'
import { createProxy, type Proxy as RunningProxy } from '../proxy.ts'
import { plainRoute, type RouteChanges } from '../routing/plain-route.ts'
import type { HeardLine } from '../telemetry/plain-exchange.ts'
import { createHeardLog } from '../telemetry/plain-exchange.ts'
import type { Exemplar, Tally } from './finding.ts'

export type Listener = (asked: IncomingMessage, answer: ServerResponse) => void

export interface LabOrigin {
  readonly url: string
  /** Headers of each request, in the order in which they came. */
  readonly asked: { readonly method: string; readonly url: string; headers: IncomingHttpHeaders }[]
  close(): void
}

export const startOrigin = async (listener: Listener): Promise<LabOrigin> => {
  const asked: LabOrigin['asked'] = []
  const server = createServer((message, answer) => {
    const { method = '', url = '', headers } = message
    asked.push({ method, url, headers })
    listener(message, answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

export interface Told {
  readonly tally: Tally
  readonly exemplar: Exemplar | null
}

export interface LabReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface LabAsk {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface ShadowLab {
  readonly proxy: RunningProxy
  readonly config: Config
  readonly legacy: LabOrigin
  readonly modern: LabOrigin
  readonly port: number
  readonly adminUrl: string
  readonly heard: readonly HeardLine[]
  /** Every outcome so far. */
  readonly told: readonly Told[]
  ask(ask?: LabAsk): Promise<LabReply>
  /** Resolves once so many outcomes were told, with all of them. */
  outcomes(count: number): Promise<readonly Told[]>
  close(): Promise<void>
}

export interface ShadowLabOptions {
  readonly legacy: Listener
  /** An origin; absent: `handlers`. */
  readonly modern?: Listener
  readonly route?: RouteChanges
  readonly shadow?: Partial<NonNullable<Config['shadow']>>
  readonly handlers?: Partial<Config['handlers']>
  /** 0 <= n < 1; the default never chooses a request for A/A. */
  readonly random?: () => number
}

export const askOn =
  (port: number) =>
  ({ method = 'GET', path = '/', headers = {}, body }: LabAsk = {}): Promise<LabReply> =>
    new Promise((resolve, reject) => {
      const asked = send({ host: '127.0.0.1', port, method, path, headers, agent: false })
      asked.on('error', reject)
      asked.on('response', (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks),
          }),
        )
      })
      asked.end(body)
    })

/** What is told, and a wait for it. */
const createEar = () => {
  const told: Told[] = []
  let waiting: { readonly count: number; readonly resolve: () => void }[] = []
  return {
    told,
    tell(tally: Tally, exemplar: Exemplar | null): void {
      told.push({ tally, exemplar })
      const due = waiting.filter(({ count }) => count <= told.length)
      waiting = waiting.filter(({ count }) => count > told.length)
      for (const { resolve } of due) resolve()
    },
    async outcomes(count: number): Promise<readonly Told[]> {
      if (told.length < count) {
        await new Promise<void>((resolve) => waiting.push({ count, resolve }))
      }
      return told
    },
  }
}

/** One route at `shadow` unless told otherwise; everything of it sampled. */
export const startShadowLab = async (options: ShadowLabOptions): Promise<ShadowLab> => {
  const legacy = await startOrigin(options.legacy)
  const modern = await startOrigin(options.modern ?? ((_, answer) => answer.end()))
  const stateDir = await mkdtemp(join(tmpdir(), 'banyan-shadow-'))
  const base = plainConfig({
    stateDir,
    listen: plainListen(),
    upstreams: {
      php: plainUpstream([legacy.url]),
      node: plainUpstream([modern.url], { name: 'node' }),
    },
    shadow: { ...builtIn.shadow, delayLimitMs: 60_000, rssLimitBytes: 2 ** 40, ...options.shadow },
    routes: [
      plainRoute('lab.any', {
        stage: 'shadow',
        sampleBp: 10_000,
        modern: options.modern === undefined ? 'handlers' : 'node',
        ...options.route,
      }),
    ],
  })
  const config = { ...base, handlers: { ...base.handlers, ...options.handlers } }
  const { log, heard } = createHeardLog()
  const ear = createEar()
  const random = options.random ?? (() => 0.999)
  const proxy = createProxy({ config }, { log, random, nodeMetrics: false, tell: ear.tell })
  const { url, adminUrl } = await proxy.start()
  const port = Number(new URL(url).port)
  return {
    ...{ proxy, config, legacy, modern, port, adminUrl, heard },
    told: ear.told,
    outcomes: ear.outcomes,
    ask: askOn(port),
    async close() {
      await proxy.close()
      legacy.close()
      modern.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

/** An origin that says the same of everything. */
export const saying =
  (text: string, headers: Readonly<Record<string, string>> = {}, status = 200): Listener =>
  (_, answer) => {
    answer.writeHead(status, { 'content-type': 'application/json', ...headers })
    answer.end(text)
  }
