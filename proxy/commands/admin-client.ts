/** Talks to the admin port of a running proxy. */
import type { AddressConfig } from '../config/config.ts'
import { exit, type Io } from './io.ts'
import { CommandError } from './say.ts'

export interface Reply {
  readonly status: number
  /** Null where the answer is no JSON. */
  readonly body: unknown
}

export interface AdminClient {
  /** Origin, for people. */
  readonly url: string
  /** Whatever the answer is. @throws CommandError where there is none */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Reply>
  /** The body of an answer of 2xx. @throws CommandError on every other one, as it says itself */
  expect(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>
  /** What a POST is answered with, as it comes. @throws CommandError likewise */
  stream(path: string, body: unknown, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>
}

/** A reload reads and checks the whole config: thousands of routes on a busy machine take seconds. */
const timeoutMs = 30_000

/** Where a listener that binds every address is found from its own machine. */
const reachable: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '[::1]'],
])

export const adminUrl = ({ host, port }: AddressConfig): string => {
  const name = reachable.get(host) ?? (host.includes(':') ? `[${host}]` : host)
  return `http://${name}:${port}`
}

/** The innermost cause says it best: `connect ECONNREFUSED 127.0.0.1:9901`. */
const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const { code, message } = cause as { code?: unknown; message?: unknown }
  return String(message || code || cause)
}

const notThere = 'start one with "banyan serve", or say where it is with --admin'
const notBanyan = 'is this the admin port of a banyan? say where that is with --admin'

/** A problem document (RFC 9457) says itself what is wrong. */
const refusal = (url: string, { status, body }: Reply): CommandError => {
  const { detail, hint } = (body ?? {}) as Record<string, unknown>
  const code = status < 500 ? exit.no : exit.unreachable
  if (typeof detail !== 'string') {
    return new CommandError(exit.unreachable, `${url} answered ${status}`, notBanyan)
  }
  return new CommandError(code, detail, typeof hint === 'string' ? hint : null)
}

const json = { 'Content-Type': 'application/json' }

/** @param url origin, `http://127.0.0.1:9901` */
export const createAdminClient = (url: string, io: Pick<Io, 'fetch'>): AdminClient => {
  const unreachable = (error: unknown): CommandError =>
    new CommandError(exit.unreachable, `no proxy answers at ${url}: ${reasonOf(error)}`, notThere)
  const ask: AdminClient['ask'] = async (method, path, body) => {
    try {
      const answer = await io.fetch(new URL(path, url), {
        method,
        headers: json,
        body: body === undefined ? null : JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      return { status: answer.status, body: await answer.json().catch(() => null) }
    } catch (error) {
      throw unreachable(error)
    }
  }
  return {
    url,
    ask,
    async stream(path, body, signal) {
      const asked = { method: 'POST', headers: json, body: JSON.stringify(body), signal }
      const answer = await io
        .fetch(new URL(path, url), { ...asked, redirect: 'error' })
        .catch((error: unknown) => {
          throw unreachable(error)
        })
      if (answer.ok && answer.body !== null) return answer.body
      const { status } = answer
      throw refusal(url, { status, body: await answer.json().catch(() => null) })
    },
    async expect(method, path, body) {
      const reply = await ask(method, path, body)
      if (reply.status >= 200 && reply.status < 300 && reply.body !== null) return reply.body
      throw refusal(url, reply)
    },
  }
}
