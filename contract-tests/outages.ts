/** What clients may see while PHP is killed and comes back under their requests. Used by two tests. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createOrigin, type LabOrigin, reply } from './lab/origin.ts'
import { type ProbedBanyan, startProbedBanyan } from './lab/probed-banyan.ts'
import { type Reply, type SteadyLoad, startLoad } from './lab/steady-load.ts'
import type { World } from './lab/world.ts'

/** Longest that a request may take by this config, and what a busy machine may add, milliseconds. */
const totalMs = 2_500
const slackMs = 5_000

/**
 * `articles.list` has PHP alone and goes on trying. `tags.list` asks PHP first and has a fallback
 * that never fails, so that its clients should notice nothing.
 */
const config = `
listen: { host: 127.0.0.1, port: "\${BANYAN_PORT}", trustedProxies: [127.0.0.0/8], drain: { delay: 0s, grace: 0s } }
admin: { port: "\${BANYAN_ADMIN_PORT}" }
stateDir: "\${BANYAN_STATE_DIR}"
upstreams:
  php:
    url: "\${BANYAN_PHP_URL}"
    pool: { keepAlive: 1s }
    timeouts: { connect: 1s, firstByte: 2s, idle: 2s, total: 2500ms }
    breaker: { window: 2s, minimumCalls: 5, halfOpenCalls: 2, resetAfter: 2600ms }
  standby: { url: "\${STANDBY_URL}", pool: { keepAlive: 1s } }
routes:
  articles.list: { match: GET /api/articles, effects: read, legacy: php }
  tags.list:
    { match: GET /api/tags, effects: read, legacy: standby, modern: php, stage: modern,
      breaker: { window: 2s, minimumCalls: 5, halfOpenCalls: 2, resetAfter: 2600ms } }
`

export interface Counts {
  /** Whole answers to `articles.list`. */
  well: number
  /** Problems in its place. */
  problems: number
  /**
   * Answers to either that end early. Where the legacy marks an end by closing its connection, as
   * PHP's own server does, nobody can tell them from whole ones (RFC 9112 §6.3); elsewhere there
   * are none: what breaks off is broken off for the client too, which fails the load.
   */
  cut: number
}

export interface Outages {
  readonly banyan: ProbedBanyan
  /** Begins to ask; what breaks a promise is a failure of the load. */
  ask(): Asking
  close(): Promise<void>
}

export interface Asking {
  readonly counts: Readonly<Counts>
  /** Resolves once one more answer of this kind has come. */
  next(kind: 'well' | 'problems'): Promise<void>
  /** Resolves once so many more answers to `articles.list` have come, of either kind. */
  more(count: number): Promise<void>
  /** Resolves once PHP answers `tags.list` again. */
  back(): Promise<void>
  /** @throws AssertionError with what clients saw and should not have */
  stop(): Promise<number>
}

const isProblem = (answer: Reply): boolean => {
  if (answer.status !== 502 && answer.status !== 504) return false
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  const { type, status } = JSON.parse(answer.text) as { type: string; status: number }
  assert.match(type, /^urn:banyan:error:/)
  assert.equal(status, answer.status)
  return true
}

/** Those who wait for something to be seen. */
const createWaiting = (): { wait(): Promise<void>; tell(): void } => {
  let waiting: (() => void)[] = []
  return {
    wait: () => new Promise((resolve) => waiting.push(resolve)),
    tell() {
      for (const resolve of waiting.splice(0)) resolve()
      waiting = []
    },
  }
}

/** What is in the answer; null where it ends early. */
const read = (answer: Reply): Readonly<Record<string, unknown>> | null => {
  assert.equal(answer.status, 200, answer.text.slice(0, 200))
  try {
    return JSON.parse(answer.text) as Record<string, unknown>
  } catch {
    return null
  }
}

const kindOf = (answer: Reply): keyof Counts => {
  if (isProblem(answer)) return 'problems'
  const found = read(answer)
  if (found === null) return 'cut'
  assert.equal((found.articles as unknown[]).length, 5)
  return 'well'
}

const askList = (url: string, counts: Counts) => {
  const waiting = { well: createWaiting(), problems: createWaiting(), cut: createWaiting() }
  const load = startLoad({
    url,
    path: '/api/articles?limit=5',
    connections: 4,
    check(answer) {
      const kind = kindOf(answer)
      assert.ok(answer.tookMs < totalMs + slackMs, `an answer took ${answer.tookMs} ms`)
      counts[kind] += 1
      waiting[kind].tell()
    },
  })
  return { load, next: (kind: keyof Counts) => waiting[kind].wait() }
}

const askTags = (url: string, counts: Counts) => {
  const waiting = createWaiting()
  const load = startLoad({
    url,
    path: '/api/tags',
    headers: { 'x-banyan-explain': '1' },
    connections: 4,
    check(answer) {
      const found = read(answer)
      if (found === null) counts.cut += 1
      else assert.ok(Array.isArray(found.tags))
      if (answer.headers['x-banyan-target'] === 'modern') waiting.tell()
    },
  })
  return { load, back: waiting.wait }
}

const finish = async (loads: readonly SteadyLoad[]): Promise<number> => {
  const reports = await Promise.all(loads.map((load) => load.stop()))
  assert.deepEqual(
    reports.flatMap(({ failures }) => failures),
    [],
  )
  return reports.reduce((sum, { requests }) => sum + requests, 0)
}

export const startOutages = async (world: World): Promise<Outages> => {
  const configFile = join(world.dir, 'outage.yaml')
  writeFileSync(configFile, config)
  const json = ['Content-Type: application/json']
  const standby: LabOrigin = await createOrigin(() => reply('200 OK', json, '{"tags":[]}'))
  const env = { STANDBY_URL: standby.url }
  const banyan = await startProbedBanyan(world, { configFile, env })
  return {
    banyan,
    ask() {
      const counts = { well: 0, problems: 0, cut: 0 }
      const { load, next } = askList(banyan.url, counts)
      const tags = askTags(banyan.url, counts)
      return {
        counts,
        next,
        more: (count) => load.reached(load.done() + count),
        back: tags.back,
        stop: () => finish([load, tags.load]),
      }
    },
    async close() {
      await banyan.close()
      await standby.close()
    },
  }
}
