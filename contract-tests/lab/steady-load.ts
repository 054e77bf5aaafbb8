import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as rest } from 'node:timers/promises'

export interface LoadOptions {
  /** Origin. */
  readonly url: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly connections: number
  /** How long each client rests between two requests, milliseconds; default: not at all. */
  readonly restMs?: number
  /** Throws when an answer is wrong; sees the request's number. */
  readonly check: (answer: Reply, number: number) => void
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  /** From the request to the end of the answer, milliseconds. */
  readonly tookMs: number
}

export interface LoadReport {
  readonly requests: number
  /** What went wrong, one sentence each; the first twenty. */
  readonly failures: readonly string[]
  readonly failed: number
}

export interface SteadyLoad {
  /** Answers so far, good and bad. */
  done(): number
  /** Resolves once this many answers have come. */
  reached(count: number): Promise<void>
  /** Ends what is in flight properly and reports. */
  stop(): Promise<LoadReport>
}

const read = (url: string, path: string, options: object): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const begunMs = performance.now()
    const outgoing = request(new URL(path, url), options, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('aborted', () => reject(new Error('the answer broke off')))
      incoming.on('end', () => {
        const { statusCode: status = 0, headers } = incoming
        const tookMs = performance.now() - begunMs
        resolve({ status, headers, text: Buffer.concat(chunks).toString(), tookMs })
      })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })

/** Clients that ask over and over, one request at a time each, on kept connections. */
export const startLoad = (options: LoadOptions): SteadyLoad => {
  const { url, path, connections, restMs = 0, check } = options
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const failures: string[] = []
  const waiting: { count: number; reached: () => void }[] = []
  let stopped = false
  let sent = 0
  let done = 0
  let failed = 0

  const settle = (): void => {
    done += 1
    for (const { reached } of waiting.filter(({ count }) => done >= count)) reached()
  }
  const note = (error: unknown): void => {
    failed += 1
    if (failures.length < 20) failures.push(error instanceof Error ? error.message : `${error}`)
  }
  const askOnce = async (number: number): Promise<void> => {
    const headers = { ...options.headers, 'x-user-id': `caller-${number % 50}` }
    check(await read(url, path, { agent, headers }), number)
  }
  const client = async (): Promise<void> => {
    while (!stopped) {
      await askOnce(sent++).catch(note)
      settle()
      if (restMs > 0) await rest(restMs)
    }
  }
  const clients = Array.from({ length: connections }, client)
  return {
    done: () => done,
    reached: (count) =>
      new Promise((reached) => {
        if (done >= count) reached()
        else waiting.push({ count, reached })
      }),
    async stop() {
      stopped = true
      await Promise.all(clients)
      agent.destroy()
      return { requests: done, failures, failed }
    },
  }
}
