/** What a test of one exchange must find in the answer, as lines of source. Pure. */
import { fieldsOf, joined } from '../compare/compare-headers.ts'
import { decodeContent, decodeText } from '../compare/decode.ts'
import type { Difference } from '../compare/difference.ts'
import { type JsonValue, parseJson } from '../compare/json.ts'
import { announcedKind, parseMediaType } from '../compare/media-type.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { Observation } from '../targets/send.ts'
import { pattern, quoted } from './literal.ts'
import {
  type Check,
  hereOf,
  isRedacted,
  type LeftOut,
  longest,
  spellingCheck,
  valueChecks,
} from './scenario-json.ts'

export interface ScenarioChecks {
  readonly lines: readonly string[]
  /** Names that the lines use: `headers`, `text`, `json`, `at`. */
  readonly uses: ReadonlySet<string>
}

interface Expected {
  readonly text: string | null
  /** Undefined: it is no JSON. */
  readonly json: JsonValue | undefined
  readonly headers: ReadonlyMap<string, readonly string[]>
}

const jsonOf = (text: string): JsonValue | undefined => {
  const read = parseJson(text)
  return 'fault' in read ? undefined : read.value
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

/** Of two spellings of one number only the text tells. */
const spellings: ReadonlySet<Difference['kind']> = new Set(['precision', 'spelling'])

const jsonChecks = (
  { path, kind }: Difference,
  json: JsonValue,
  leftOut: LeftOut,
): readonly Check[] => {
  const here = hereOf(json, path)
  if (here === null) return []
  const spelling = spellings.has(kind) ? spellingCheck(here) : null
  return spelling === null ? valueChecks(here, leftOut) : [spelling]
}

const textCheck = ({ legacy }: Difference, { text }: Expected): Check | null => {
  const said = legacy === null ? null : jsonOf(legacy)
  if (typeof said !== 'string' || said === '' || text === null) return null
  if (isRedacted(said) || !text.includes(said)) return null
  return { line: `assert.ok(text.includes(${quoted(said)}))`, uses: ['text'] }
}

const listOf = (check: Check | null): readonly Check[] => (check === null ? [] : [check])

const checksOf = (
  difference: Difference,
  expected: Expected,
  leftOut: LeftOut,
): readonly Check[] => {
  const { path } = difference
  if (path === 'status' || path.startsWith('trailer:')) return []
  if (path.startsWith('header:')) return listOf(headerCheck(path, expected))
  return expected.json === undefined
    ? listOf(textCheck(difference, expected))
    : jsonChecks(difference, expected.json, leftOut)
}

/** Where nothing differs, all of a short answer must hold, but for what is left out. */
const wholeChecks = ({ json, text }: Expected, leftOut: LeftOut): readonly Check[] => {
  if (text === null || text === '' || text.length > longest) return []
  if (json !== undefined) return valueChecks({ steps: [], pattern: [], value: json }, leftOut)
  if (isRedacted(text) || leftOut.length > 0) return []
  return [{ line: `assert.equal(text, ${quoted(text)})`, uses: ['text'] }]
}

/** What rules overlook, and noise, was not found to be right. */
const leftOutOf = (
  { comparison }: Pick<Exemplar, 'comparison'>,
  patterns: readonly string[],
): LeftOut => {
  const { excused = [], noise = [] } = comparison ?? {}
  return [...[...excused, ...noise].map(({ pattern: each }) => each), ...patterns]
    .filter((each) => each === '' || each.startsWith('/'))
    .map((each) => (each === '' ? [] : each.slice(1).split('/')))
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

/**
 * At every place that differs, what legacy said there; where none does, all that was compared.
 *
 * @param patterns of places, besides, that are not held to what legacy said
 */
export const scenarioChecks = (
  exemplar: Pick<Exemplar, 'comparison'>,
  legacy: Observation,
  patterns: readonly string[] = [],
): ScenarioChecks => {
  const expected = expectedOf(legacy)
  const differences = exemplar.comparison?.differences ?? []
  const leftOut = leftOutOf(exemplar, patterns)
  const found =
    differences.length === 0
      ? wholeChecks(expected, leftOut)
      : differences.flatMap((each) => checksOf(each, expected, leftOut))
  const checks = [...listOf(typeCheck(expected)), ...found.slice(0, mostChecks)]
  return {
    lines: [...new Set(checks.map(({ line }) => line))],
    uses: new Set(checks.flatMap(({ uses }) => uses)),
  }
}
