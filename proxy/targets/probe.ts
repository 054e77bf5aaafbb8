/** Asks one address again and again how it is, away from the connections that clients' requests use. */
import type { HealthConfig } from '../config/upstream-config.ts'
import type { ProbeResult } from './address-health.ts'
import type { Wire, WireExchange, WireRequest } from './wire.ts'

export interface ProbeOptions {
  readonly config: HealthConfig
  /** Of its own. */
  readonly wire: Wire
  /** What the upstream sees as Host. */
  readonly host: string
  /** 0 <= n < 1. */
  readonly random: () => number
  readonly report: (result: ProbeResult) => void
}

export interface Probe {
  /** Begins to ask. Keeps no process alive. */
  start(): void
  close(): Promise<void>
}

/** ± 10 %, so that neither addresses nor instances of Banyan keep step. */
const jitter = (ms: number, random: number): number => Math.round(ms * (0.9 + 0.2 * random))

/** The first question comes soon, and not from everybody at once. */
const soonMs = 500

const questionOf = (path: string, host: string): WireRequest => ({
  method: 'GET',
  path,
  // A connection for each question: whether there is one is half of the answer.
  headers: ['Host', host, 'User-Agent', 'banyan-health', 'Connection', 'close'],
  framing: 'none',
  body: null,
  expectsContinue: false,
  trailers: () => [],
  needsFresh: true,
})

/** One question. Told once; what comes later is not heard. */
const ask = (
  wire: Wire,
  question: WireRequest,
  done: (result: ProbeResult) => void,
): (() => void) => {
  let exchange: WireExchange | null = null
  let isOver = false
  const end = (result: ProbeResult): void => {
    if (isOver) return
    isOver = true
    done(result)
    exchange?.abort(new Error('the question has been answered'))
  }
  wire.dispatch(question, {
    begun(given) {
      if (isOver) throw new Error('it is too late')
      exchange = given
    },
    sent() {},
    heard() {},
    early() {},
    head: (status) => end(status >= 200 && status < 300 ? 'well' : 'unwell'),
    data() {},
    ended: () => end('unwell'),
    failed: () => end(exchange === null ? 'unreachable' : 'unwell'),
  })
  return () => end(exchange === null ? 'unreachable' : 'unwell')
}

export const createProbe = ({ config, wire, host, random, report }: ProbeOptions): Probe => {
  const question = questionOf(config.path, host)
  const { intervalMs, timeoutMs } = config
  let timer: NodeJS.Timeout | null = null
  let isClosed = false
  const wait = (ms: number): void => {
    if (!isClosed) timer = setTimeout(probe, ms).unref()
  }
  const probe = (): void => {
    const limit = setTimeout(() => giveUp(), timeoutMs).unref()
    const giveUp = ask(wire, question, (result) => {
      clearTimeout(limit)
      if (isClosed) return
      report(result)
      wait(jitter(intervalMs, random()))
    })
  }
  return {
    start() {
      if (timer === null) wait(random() * Math.min(soonMs, intervalMs))
    },
    close() {
      isClosed = true
      if (timer !== null) clearTimeout(timer)
      return wire.close()
    },
  }
}
