/** One compared exchange as text: what was asked, what both answered, what differs and why. Pure. */
import { Buffer } from 'node:buffer'
import { fieldsOf, joined } from '../compare/compare-headers.ts'
import { decodeContent, decodeText } from '../compare/decode.ts'
import { announcedKind, parseMediaType } from '../compare/media-type.ts'
import { printable } from '../config/render-diagnostics.ts'
import type { Exemplar } from '../shadow/finding.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'
import { differencesView, type Whys } from './differences-view.ts'
import { indentJson } from './indent-json.ts'
import { type SideBySideOptions, sideBySide } from './side-by-side.ts'

/** What `GET /v1/exemplars/ID` answers. */
export interface ShownExemplar extends Exemplar {
  /** Why the rules that overlook something do so. */
  readonly rules: Whys
}

const headerLines = (headers: RawHeaders): string[] =>
  headers
    .flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1] ?? ''}`] : []))
    .sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }))

interface Content {
  readonly bytes: Uint8Array | null
  readonly length: number
}

/** A body as lines; what is no text is only counted. */
const bodyLines = ({ bytes, length }: Content, headers: RawHeaders): readonly string[] => {
  if (length === 0) return []
  if (bytes === null) return [`[${length} bytes that were not kept]`]
  const fields = fieldsOf(headers)
  const type = parseMediaType(joined(fields, 'content-type') ?? '')
  const plain = decodeContent(bytes, joined(fields, 'content-encoding'))
  const binary = [`[${length} bytes]`]
  if ('fault' in plain || announcedKind(type) === 'binary') return binary
  const text = decodeText(plain.bytes, type?.parameters.get('charset') ?? null)
  if ('fault' in text) return binary
  return (indentJson(text.text) ?? text.text).split(/\r?\n/)
}

const answerLines = (seen: Observation | null): readonly string[] => {
  if (seen === null) return ['was not asked']
  const { status, headers, failure, body } = seen
  if (status === null) return [`no answer: ${failure?.code ?? 'unknown'} ${failure?.detail ?? ''}`]
  const broken = failure === null ? [] : [`broke off: ${failure.code} ${failure.detail}`]
  return [String(status), ...headerLines(headers), '', ...bodyLines(body, headers), ...broken]
}

const requestLines = ({ method, url, headers, body }: Exemplar['request']): readonly string[] => {
  const content = { bytes: body, length: Buffer.byteLength(body ?? '') }
  return [`${method} ${url}`, ...headerLines(headers), '', ...bodyLines(content, headers)]
}

const refusedLines = ({ egress = [] }: Exemplar): readonly string[] =>
  egress.flatMap(({ what, requests }) => [
    `the shadow was refused ${what}`,
    ...requests.map((request) => `  ${request}`),
  ])

const indented = (lines: readonly string[]): string =>
  lines
    .join('\n')
    .trimEnd()
    .split('\n')
    .map((line) => `  ${printable(line)}\n`)
    .join('')

const headline = ({ id, route, at, outcome, reason, confirmed }: Exemplar): string => {
  const why = reason === null ? '' : `: ${reason}`
  const again = confirmed ? ', confirmed by asking both again' : ''
  return `${route}  ${outcome}${why}${again}  ${new Date(at).toISOString()}  ${id}`
}

export const exemplarView = (exemplar: ShownExemplar, options: SideBySideOptions): string => {
  const { paint, width } = options
  const { request, legacy, modern, comparison, rules } = exemplar
  const titles = { legacy: 'LEGACY', modern: 'MODERN' }
  const column = Math.floor((Math.max(width, 60) - 3) / 2)
  const heads = paint('dim', `${titles.legacy.padEnd(column)}   ${titles.modern}`)
  const beside = sideBySide(answerLines(legacy), answerLines(modern), options)
  const differences =
    comparison === null ? '' : differencesView({ comparison, whys: rules, titles }, paint)
  const refused = refusedLines(exemplar)
  return [
    `${paint('bold', printable(headline(exemplar)))}\n\n`,
    indented(requestLines(request)),
    refused.length === 0 ? '' : `\n${indented(refused)}`,
    `\n${heads}\n${beside}`,
    differences === '' ? '' : `\n${differences}`,
  ].join('')
}
