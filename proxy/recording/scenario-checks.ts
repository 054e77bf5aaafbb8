/** What a test of one exchange must find in the answer, as lines of source. Pure. */
import { fieldsOf, joined } from '../compare/compare-headers.ts'
import { decodeContent, decodeText } from '../compare/decode.ts'
import type { Difference } from '../compare/difference.ts'
import { announcedKind, parseMediaType } from '../compare/media-type.ts'
import { unescapeName } from '../compare/place.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { Observation } from '../targets/send.ts'
import { literal, pattern, quoted } from './literal.ts'

export interface ScenarioChecks {
  readonly lines: readonly string[]
  /** Names that the lines use: `headers`, `text`, `json`, `at`. */
  readonly uses: ReadonlySet<string>
}

interface Expected {
  readonly text: string | null
  /** Undefined: it is no JSON. */
  readonly json: unknown
  readonly headers: ReadonlyMap<string, readonly string[]>
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const expectedOf = ({ headers, body }: Observation): Expected => {
  const fields = fieldsOf(headers)
  const type = parseMediaType(joined(fields, 'content-type') ?? '')
  const plain = decodeContent(body.bytes ?? new Uint8Array(), joined(fields, 'content-encoding'))
  if ('fault' in plain || announcedKind(type) === 'binary') {
    return { text: null, json: undefined, headers: fields }
  }
  const text = decodeText(plain.bytes, type?.parameters.get('charset') ?? null)
  if ('fault' in text) return { text: null, json: undefined, headers: fields }
  const isJson = announcedKind(type) === 'json'
  return { text: text.text, json: isJson ? jsonOf(text.text) : undefined, headers: fields }
}

/** What a redacted value looks like: nobody knows what legacy really said. */
const isRedacted = (text: string): boolean => /hmac:[\da-f]{16}/.test(text)

type Found = { readonly step: string; readonly value: unknown }

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

/** One step down: by the name of a member, an index, or the member that names an element. */
const follow = (value: unknown, written: string): Found | null => {
  const [, key, text] = /^\[([^\]=]+)=([^\]]*)\]$/.exec(written) ?? []
  if (key !== undefined && Array.isArray(value)) {
    const [name, wanted] = [unescapeName(key), unescapeName(text ?? '')]
    const element = value.find((each) => String(memberOf(each, name)) === wanted)
    return { step: literal({ [name]: memberOf(element, name) ?? wanted }), value: element }
  }
  if (/^[a-z]*\[/i.test(written)) return null
  const name = unescapeName(written)
  return Array.isArray(value)
    ? { step: name, value: value[Number(name)] }
    : { step: quoted(name), value: memberOf(value, name) }
}

/** The steps to a place as source, and what legacy has there. Null: nobody can say. */
const resolve = (json: unknown, path: string): { steps: string[]; value: unknown } | null => {
  const steps: string[] = []
  let value = json
  for (const written of path === '' ? [] : path.slice(1).split('/')) {
    const found = follow(value, written)
    if (found === null) return null
    steps.push(found.step)
    value = found.value
  }
  return { steps, value }
}

type Check = { readonly line: string; readonly uses: readonly string[] }

const headerCheck = (path: string, { headers }: Expected): Check | null => {
  const name = path.slice('header:'.length).split('/', 1)[0] ?? ''
  const values = headers.get(name)
  const here = `headers[${quoted(name)}]`
  if (values === undefined) return { line: `assert.equal(${here}, undefined)`, uses: ['headers'] }
  if (name === 'set-cookie') {
    const cookies = values.map((each) => pattern(each.split('=', 1)[0] ?? ''))
    return { line: `assert.match(String(${here}), /${cookies.join('=.*')}=/s)`, uses: ['headers'] }
  }
  const value = values.join(', ')
  if (isRedacted(value)) return null
  return { line: `assert.equal(${here}, ${quoted(value)})`, uses: ['headers'] }
}

/** Digits that a double loses on the way. */
const isUnsafe = (text: string | null): text is string =>
  text !== null && /^-?\d[\d.eE+-]*$/.test(text) && String(Number(text)) !== text

const numberCheck = (steps: readonly string[], digits: string): Check => {
  const name = steps.at(-1)?.startsWith("'") ? (steps.at(-1) ?? '').slice(1, -1) : null
  const before = name === null ? '' : `"${pattern(name)}"\\s*:\\s*`
  return { line: `assert.match(text, /${before}${pattern(digits)}\\b/)`, uses: ['text'] }
}

const longest = 4_096

const jsonCheck = ({ path, legacy }: Difference, { json }: Expected): Check | null => {
  const found = resolve(json, path)
  if (found === null) return null
  const { steps, value } = found
  if (isUnsafe(legacy)) return numberCheck(steps, legacy)
  const text = value === undefined ? 'undefined' : literal(value)
  if (isRedacted(text) || isRedacted(steps.join()) || text.length > longest) return null
  const here = steps.length === 0 ? 'json' : `at(json, ${steps.join(', ')})`
  const uses = steps.length === 0 ? ['json'] : ['json', 'at']
  return { line: `assert.deepEqual(${here}, ${text})`, uses }
}

const textCheck = ({ legacy }: Difference, { text }: Expected): Check | null => {
  const said = legacy === null ? null : jsonOf(legacy)
  if (typeof said !== 'string' || said === '' || text === null) return null
  if (isRedacted(said) || !text.includes(said)) return null
  return { line: `assert.ok(text.includes(${quoted(said)}))`, uses: ['text'] }
}

const checkOf = (difference: Difference, expected: Expected): Check | null => {
  const { path } = difference
  if (path === 'status' || path.startsWith('trailer:')) return null
  if (path.startsWith('header:')) return headerCheck(path, expected)
  return expected.json === undefined
    ? textCheck(difference, expected)
    : jsonCheck(difference, expected)
}

/** Where nothing differs, all of a short answer must hold. */
const wholeCheck = ({ json, text }: Expected): Check | null => {
  if (text === null || text === '' || text.length > longest || isRedacted(text)) return null
  return json === undefined
    ? { line: `assert.equal(text, ${quoted(text)})`, uses: ['text'] }
    : { line: `assert.deepEqual(json, ${literal(json)})`, uses: ['json'] }
}

const typeCheck = ({ headers }: Expected): Check | null => {
  const type = parseMediaType(joined(headers, 'content-type') ?? '')?.essence
  if (type === undefined) return null
  return {
    line: `assert.match(headers['content-type'] ?? '', /^${pattern(type)}/)`,
    uses: ['headers'],
  }
}

const mostChecks = 20

/** At every place that differs, what legacy said there. */
export const scenarioChecks = (
  { comparison }: Pick<Exemplar, 'comparison'>,
  legacy: Observation,
): ScenarioChecks => {
  const expected = expectedOf(legacy)
  const differences = comparison?.differences ?? []
  const ofPlaces = differences.slice(0, mostChecks).map((each) => checkOf(each, expected))
  const all = [
    typeCheck(expected),
    ...(differences.length === 0 ? [wholeCheck(expected)] : ofPlaces),
  ]
  const checks = all.flatMap((check) => check ?? [])
  return {
    lines: [...new Set(checks.map(({ line }) => line))],
    uses: new Set(checks.flatMap(({ uses }) => uses)),
  }
}
