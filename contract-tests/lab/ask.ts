import request from 'supertest'
import type { Answer, Scenario } from '../scenarios/scenario.ts'

/** What a scenario needs to know of the world it is put to. */
export interface Facts {
  /** Slug of an article that exists, in place of `{slug}`. */
  readonly slug: string
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
  const method = (scenario.method ?? 'GET').toLowerCase() as 'get' | 'head' | 'post'
  const call = request(origin)
    [method](scenario.url.replace('{slug}', encodeURIComponent(facts.slug)))
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
