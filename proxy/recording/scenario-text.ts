/** One exchange as the source of a test: what legacy answered is what must hold. Pure. */
import { Buffer, isUtf8 } from 'node:buffer'
import { fieldsOf, joined } from '../compare/compare-headers.ts'
import { parseJson } from '../compare/json.ts'
import { announcedKind, parseMediaType } from '../compare/media-type.ts'
import type { Exemplar } from '../shadow/finding.ts'
import { literal, quoted, remark } from './literal.ts'
import { type ScenarioChecks, scenarioChecks } from './scenario-checks.ts'
import { isLossless, isRedacted, plainOf } from './scenario-json.ts'

export type ScenarioForm = 'scenario' | 'mocha'

/** Of the connection, of a browser, or of whoever stands between; a test has its own. */
const left =
  /^(?:host|connection|keep-alive|content-length|transfer-encoding|te|trailer|expect|upgrade|via|from|user-agent|accept-encoding|referer|forwarded|x-forwarded-.*|x-real-ip|x-request-id|traceparent|tracestate|sec-.*|dnt|cookie|authorization)$/

const headersOf = ({ request }: Exemplar): Record<string, string> => {
  const kept = [...fieldsOf(request.headers)].filter(
    ([name, values]) => !left.test(name) && !values.some(isRedacted),
  )
  return Object.fromEntries(kept.map(([name, values]) => [name, values.join(', ')]))
}

const hasHeader = ({ request }: Exemplar, name: string): boolean =>
  fieldsOf(request.headers).has(name)

/** JSON where it is some, else text; binary as base64. */
type Sent = { readonly is: 'json' | 'text' | 'base64'; readonly source: string }

const bodyOf = ({ request }: Exemplar): Sent | null => {
  const { body, headers } = request
  if (body === null) return null
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (!isUtf8(buffer)) return { is: 'base64', source: quoted(buffer.toString('base64')) }
  const text = buffer.toString('utf8')
  const type = parseMediaType(joined(fieldsOf(headers), 'content-type') ?? '')
  if (announcedKind(type) !== 'json') return { is: 'text', source: quoted(text) }
  const read = parseJson(text)
  // A text alone, and what a double cannot hold, would be sent as something else.
  if ('value' in read && typeof read.value !== 'string' && isLossless(read.value)) {
    return { is: 'json', source: literal(plainOf(read.value)) }
  }
  return { is: 'text', source: quoted(text) }
}

const titleOf = ({ request }: Exemplar): string =>
  `answers ${request.method} ${request.url} as legacy does`

const remarkOf = ({ id, at, confirmed, outcome }: Exemplar): string =>
  remark(
    `Recorded ${new Date(at).toISOString()} as ${id}: ${outcome}${confirmed ? ', confirmed' : ''}.`,
  )

const secretsOf = (exemplar: Exemplar): string[] => {
  const { request } = exemplar
  const redacted = [
    ...(isRedacted(request.url) ? ['the URL'] : []),
    ...(hasHeader(exemplar, 'cookie') ? ['the cookies'] : []),
    ...(request.body !== null && isRedacted(Buffer.from(request.body).toString('latin1'))
      ? ['the body']
      : []),
  ]
  return redacted.length === 0
    ? []
    : [`// Was redacted, put in what the world of the test has: ${redacted.join(', ')}.`]
}

const atTyped = `type Step = string | number | Readonly<Record<string, unknown>>

/** What stands at a place of a JSON value; of a list, the element that has these members. */
const at = (json: unknown, ...steps: readonly Step[]): unknown =>
  steps.reduce<unknown>((value, step) => {
    if (typeof step !== 'object') {
      return (value as Readonly<Record<string, unknown>> | null | undefined)?.[step]
    }
    const wanted = Object.entries(step)
    const list = Array.isArray(value) ? (value as Readonly<Record<string, unknown>>[]) : []
    return list.find((each) => wanted.every(([name, is]) => each?.[name] === is))
  }, json)
`

const atPlain = `/** What stands at a place of a JSON value; of a list, the element that has these members. */
const at = (json, ...steps) =>
  steps.reduce((value, step) => {
    if (typeof step !== 'object') return value?.[step]
    const wanted = Object.entries(step)
    const list = Array.isArray(value) ? value : []
    return list.find((each) => wanted.every(([name, is]) => each?.[name] === is))
  }, json)
`

const indent = (lines: readonly string[], by: number): string[] =>
  lines.map((line) => `${' '.repeat(by)}${line}`)

const holdsOf = ({ lines, uses }: ScenarioChecks): string[] => {
  if (lines.length === 0) return []
  const names = ['headers', 'text', 'json'].filter((name) => uses.has(name))
  return [`holds: ({ ${names.join(', ')} }) => {`, ...indent(lines, 2), '},']
}

/** In braces stand the facts of a world. */
const escapedUrl = (url: string): string => url.replaceAll('{', '%7B').replaceAll('}', '%7D')

const scenarioOf = (exemplar: Exemplar, status: number, checks: ScenarioChecks): string => {
  const { method, url } = exemplar.request
  const body = bodyOf(exemplar)
  const { 'content-type': type, ...headers } = headersOf(exemplar)
  const isPlain = body === null || type === undefined || body.is === 'json'
  const sent = isPlain ? headers : { ...headers, 'content-type': type }
  const members = [
    `route: ${quoted(exemplar.route)},`,
    `title: ${quoted(titleOf(exemplar))},`,
    ...(method === 'GET' ? [] : [`method: ${quoted(method)},`]),
    ...secretsOf(exemplar),
    `url: ${quoted(escapedUrl(url))},`,
    ...(Object.keys(sent).length === 0 ? [] : [`headers: ${literal(sent)},`]),
    ...(body === null ? [] : [`body: ${body.source},`]),
    ...(hasHeader(exemplar, 'authorization') ? [`as: 'jake',`] : []),
    `status: ${status},`,
    ...holdsOf(checks),
  ]
  return [
    ...(checks.lines.length === 0 ? [] : [`import assert from 'node:assert/strict'`]),
    `import type { Scenario } from './scenario.ts'`,
    '',
    ...(checks.uses.has('at') ? [atTyped] : []),
    `/** ${remarkOf(exemplar)} */`,
    'export const recorded: readonly Scenario[] = [',
    ...indent(['{', ...indent(members, 2), '},'], 2),
    ']',
    '',
  ].join('\n')
}

const sources: Readonly<Record<Sent['is'], (source: string) => string>> = {
  json: (source) => `JSON.stringify(${source})`,
  text: (source) => source,
  base64: (source) => `Buffer.from(${source}, 'base64')`,
}

const initOf = (exemplar: Exemplar): string[] => {
  const body = bodyOf(exemplar)
  const needsToken = hasHeader(exemplar, 'authorization')
  const token = `...(process.env.AUTHORIZATION && { authorization: process.env.AUTHORIZATION })`
  const headers = literal(headersOf(exemplar))
  const sent = needsToken ? `{ ...${headers}, ${token} }` : headers
  return [
    `method: ${quoted(exemplar.request.method)},`,
    ...secretsOf(exemplar),
    `headers: ${sent},`,
    ...(body === null ? [] : [`body: ${sources[body.is](body.source)},`]),
    `redirect: 'manual',`,
  ]
}

const readers: readonly (readonly [string, string])[] = [
  ['headers', 'const headers = Object.fromEntries(answer.headers)'],
  ['text', 'const text = await answer.text()'],
  ['json', 'const json = JSON.parse(text)'],
]

const mochaOf = (exemplar: Exemplar, status: number, checks: ScenarioChecks): string => {
  const { url, method } = exemplar.request
  const uses = new Set([...checks.uses, ...(checks.uses.has('json') ? ['text'] : [])])
  const body = [
    `const answer = await fetch(origin + ${quoted(url)}, {`,
    ...indent(initOf(exemplar), 2),
    '})',
    `assert.equal(answer.status, ${status})`,
    ...readers.filter(([name]) => uses.has(name)).map(([, line]) => line),
    ...(method === 'HEAD' ? [] : checks.lines),
  ]
  return [
    `import assert from 'node:assert/strict'`,
    '',
    `const origin = process.env.ORIGIN ?? 'http://127.0.0.1:8080'`,
    '',
    ...(checks.uses.has('at') ? [atPlain] : []),
    `// ${remarkOf(exemplar)}`,
    `describe(${quoted(exemplar.route)}, () => {`,
    `  it(${quoted(titleOf(exemplar))}, async () => {`,
    ...indent(body, 4),
    '  })',
    '})',
    '',
  ].join('\n')
}

const forms: Readonly<
  Record<ScenarioForm, (exemplar: Exemplar, status: number, checks: ScenarioChecks) => string>
> = { scenario: scenarioOf, mocha: mochaOf }

export const isScenarioForm = (text: string): text is ScenarioForm => Object.hasOwn(forms, text)

/**
 * A file that runs as it stands: for `contract-tests/scenarios`, or plain JavaScript for mocha.
 *
 * @param leftOut patterns of places that are not held to what legacy said
 */
export const scenarioText = (
  exemplar: Exemplar,
  form: ScenarioForm,
  leftOut: readonly string[] = [],
): string => {
  const { legacy } = exemplar
  if (legacy === null || legacy.status === null) {
    return `// ${remarkOf(exemplar)} Legacy gave no answer, so that nothing is known to hold.\n`
  }
  return forms[form](exemplar, legacy.status, scenarioChecks(exemplar, legacy, leftOut))
}
