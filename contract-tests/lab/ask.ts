import request from 'supertest'
import type { Answer, Scenario } from '../scenarios/scenario.ts'

/** What a scenario needs to know of the world it is put to. */
export interface Facts {
  /** Slug of an article that somebody else than the demo user wrote and commented on. */
  readonly slug: string
  /** Id of that comment. */
  readonly comment: string
  /** Slug of an article of the demo user. */
  readonly own: string
  /** Name of another user. */
  readonly other: string
  /** Token of the demo user. */
  readonly token: string
}

const tokenOf = (as: Scenario['as'], facts: Facts): Record<string, string> => {
  if (as === undefined) return {}
  return { authorization: `Token ${as === 'jake' ? facts.token : 'no.such.token'}` }
}

const parsed = (type: string, text: string): unknown => {
  if (!type.startsWith('application/json') || text === '') return null
  return JSON.parse(text)
}

const factOf = (facts: Facts, name: string): string => {
  const fact = Object.entries(facts).find(([key]) => key === name)?.[1]
  if (typeof fact === 'string') return fact
  throw new TypeError(`"${name}" is no fact that a scenario may name`)
}

/**
 * Puts one scenario to an origin.
 *
 * @param origin `http://host:port`
 * @param extra headers on top of the scenario's own, lower-case names
 */
export const ask = async (
  origin: string,
  scenario: Scenario,
  facts: Facts,
  extra: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const method = (scenario.method ?? 'GET').toLowerCase() as Lowercase<
    NonNullable<Scenario['method']>
  >
  const call = request(origin)
    [method](
      scenario.url.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(factOf(facts, name))),
    )
    .set({ ...scenario.headers, ...tokenOf(scenario.as, facts), ...extra })
    .redirects(0)
    .buffer(true)
    // The text as it came: superagent's own parsers would decide by themselves what is JSON.
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks).toString()))
    })
  if (scenario.body !== undefined) {
    call.set('content-type', 'application/json')
    call.send(typeof scenario.body === 'string' ? scenario.body : JSON.stringify(scenario.body))
  }
  const { status, headers, body } = await call
  const text = typeof body === 'string' ? body : ''
  const type = String(headers['content-type'] ?? '')
  return { status, headers: headers as Record<string, string>, text, json: parsed(type, text) }
}
