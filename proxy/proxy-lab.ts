/** A whole proxy on loopback ports, and a client that shows what came back. For tests. */

import { mkdtemp, rm } from 'node:fs/promises'
import { type Agent, type IncomingMessage, request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Addresses } from './addresses.ts'
import type { Config } from './config/config.ts'
import { plainConfig, plainListen } from './edge/plain-config.ts'
import { createProxy, type Proxy as RunningProxy } from './proxy.ts'
import { createHeardLog, type HeardLine } from './telemetry/plain-exchange.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

export interface Ask {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly agent?: Agent | false
}

export interface ProxyLab extends Addresses {
  readonly proxy: RunningProxy
  readonly config: Config
  readonly port: number
  readonly heard: readonly HeardLine[]
  /** Rejects when the connection breaks before the answer is whole. */
  ask(ask?: Ask): Promise<Reply>
  close(): Promise<void>
}

const readReply = (answer: IncomingMessage): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('error', reject)
    answer.on('end', () => {
      const { statusCode: status = 0, headers } = answer
      resolve({ status, headers, text: Buffer.concat(chunks).toString() })
    })
  })

const createAsk =
  (port: number) =>
  ({ method = 'GET', path = '/', headers = {}, body, agent = false }: Ask = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const asked = send({ host: '127.0.0.1', port, method, path, headers, agent })
      asked.on('error', reject)
      asked.on('response', (answer) => readReply(answer).then(resolve, reject))
      asked.end(body)
    })

/** Trusts this machine, so that tests may ask which target answered, and why. */
export const startProxy = async (changes: Parameters<typeof plainConfig>[0]): Promise<ProxyLab> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'banyan-proxy-'))
  const listen = plainListen({ trustedProxies: ['127.0.0.1'] })
  const config = plainConfig({ stateDir, listen, ...changes })
  const { log, heard } = createHeardLog()
  const proxy = createProxy({ config }, { log, nodeMetrics: false })
  const addresses = await proxy.start()
  const port = Number(new URL(addresses.url).port)
  return {
    ...addresses,
    proxy,
    config,
    port,
    heard,
    ask: createAsk(port),
    async close() {
      await proxy.close()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
