/** Runs a journey against one origin, whoever may answer there. */
import assert from 'node:assert/strict'
import type { Journey, Step } from '../journeys/journey.ts'
import type { Answer } from '../scenarios/scenario.ts'

export interface JourneyOptions {
  /** `http://host:port` */
  readonly origin: string
  /** Lower-case letters and digits; no two runs on one database may share it. */
  readonly run: string
  /** Headers beside those of the step; called once for each request, in their order. */
  readonly headers?: () => Readonly<Record<string, string>>
  /** Sees each answer, its step, and those headers. May throw. */
  readonly answered?: (answer: Answer, step: Step, more: Readonly<Record<string, string>>) => void
}

/** An answer with what two runs need not share replaced: ids, times and tokens by their type. */
export interface Footprint {
  readonly title: string
  readonly status: number
  readonly type: string | null
  readonly json: unknown
}

type Values = ReadonlyMap<string, string>

const unlike: ReadonlySet<string> = new Set(['token', 'id', 'createdAt', 'updatedAt'])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A JSON value with every member that is neither list nor object changed. */
const withLeaves = (
  json: unknown,
  change: (leaf: unknown, key: string) => unknown,
  key = '',
): unknown => {
  if (Array.isArray(json)) return json.map((item) => withLeaves(item, change, key))
  if (!isRecord(json)) return change(json, key)
  return Object.fromEntries(
    Object.entries(json).map(([name, item]) => [name, withLeaves(item, change, name)]),
  )
}

/** What is there of what is wanted; lists whole, so that nothing more may be in them. */
const asked = (there: unknown, wanted: unknown): unknown => {
  if (Array.isArray(there) && Array.isArray(wanted)) {
    return there.map((item, index) => asked(item, wanted[index]))
  }
  if (!isRecord(there) || !isRecord(wanted)) return there
  const names = Object.keys(wanted).filter((name) => Object.hasOwn(there, name))
  return Object.fromEntries(names.map((name) => [name, asked(there[name], wanted[name])]))
}

const keptAt = (json: unknown, path: string): string => {
  let value = json
  for (const name of path.split('.')) value = isRecord(value) ? value[name] : undefined
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new assert.AssertionError({ message: `there is no ${path} to keep` })
}

/** Puts values where a text names them. Throws a TypeError for one that no step has kept. */
const put = (values: Values, text: string, encode: (value: string) => string = String): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values.get(name)
    if (value === undefined) throw new TypeError(`no step before this one keeps "${name}"`)
    return encode(value)
  })

/** The same for every text in a JSON value. */
const putAll = (values: Values, json: unknown): unknown =>
  withLeaves(json, (leaf) => (typeof leaf === 'string' ? put(values, leaf) : leaf))

const initOf = (step: Step, values: Values): RequestInit & { headers: Record<string, string> } => {
  const [method = ''] = step.request.split(' ')
  const headers = step.as === undefined ? {} : { authorization: put(values, `Token {${step.as}}`) }
  if (step.body === undefined) return { method, headers }
  const body = typeof step.body === 'string' ? step.body : putAll(values, step.body)
  return {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

const ask = async (url: string, init: RequestInit): Promise<Answer> => {
  const answer = await fetch(url, init)
  const { status, headers } = answer
  const text = await answer.text()
  const json: unknown = text === '' ? null : JSON.parse(text)
  return { status, headers: Object.fromEntries(headers), text, json }
}

const footprint = ({ title }: Step, { status, headers, json }: Answer, run: string): Footprint => ({
  title,
  status,
  type: headers['content-type'] ?? null,
  json: withLeaves(json, (leaf, key) => {
    if (unlike.has(key)) return typeof leaf
    return typeof leaf === 'string' ? leaf.replaceAll(run, '{run}') : leaf
  }),
})

/**
 * Takes one step after the other. Rejects with an AssertionError that names the step, and who
 * answered each of them so far, when something does not hold.
 */
export const runJourney = async (
  { title, steps }: Journey,
  { origin, run, headers = () => ({}), answered = () => {} }: JourneyOptions,
): Promise<readonly Footprint[]> => {
  const values = new Map([['run', run]])
  const footprints: Footprint[] = []
  const path: string[] = []

  const take = async (step: Step): Promise<void> => {
    const init = initOf(step, values)
    const more = headers()
    const url = origin + put(values, step.request.replace(/^\w+ /, ''), encodeURIComponent)
    const answer = await ask(url, { ...init, headers: { ...init.headers, ...more } })
    const { status, text, json } = answer
    path.push(`${step.title}: ${Object.values(more).join(' ')} ${status} ${text.slice(0, 300)}`)
    assert.equal(status, step.status)
    const wanted = putAll(values, step.shows ?? {})
    assert.deepEqual(asked(json ?? {}, wanted), wanted)
    answered(answer, step, more)
    footprints.push(footprint(step, answer, run))
    for (const [name, at] of Object.entries(step.keeps ?? {})) values.set(name, keptAt(json, at))
  }
  for (const step of steps) {
    try {
      await take(step)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const message = `${title}, run ${run}: ${step.title}\n${why}\n  ${path.join('\n  ')}`
      throw new assert.AssertionError({ message })
    }
  }
  return footprints
}
