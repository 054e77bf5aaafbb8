/**
 * Where in an answer, or in what was written: steps from a part's root, written like a JSON Pointer (RFC 6901) in which an
 * element may be named by its key, and read again as a pattern. Pure.
 */
import type { Part } from './difference.ts'

/** One of several: an element of an array, a child of an element, a line of a text. */
export interface ItemStep {
  /** '' in an array; the tag in markup; `line` in text. */
  readonly name: string
  /** Among those of its name, from 0; in legacy's document wherever it is there. */
  readonly index: number
  /** What names it where its index does not: `id=7`. */
  readonly label: string | null
  /** Whether it has this member or attribute, with this text. */
  has(key: string, text: string): boolean
}

/** One of very many names that are data, not structure: `/usersById/17`. */
export interface DataStep {
  readonly data: string
}

/** Text: the name of a member. */
export type Step = string | ItemStep | DataStep

/** `~2` to `~4` are ours: a name may well be `*`, begin like a test, or end one. */
const escapes: readonly (readonly [string, string])[] = [
  ['~', '~0'],
  ['/', '~1'],
  ['*', '~2'],
  ['[', '~3'],
  [']', '~4'],
]

/** Outside a test `]` ends nothing: `tags~3]` is how such names have always been written and counted. */
const nameEscapes = escapes.filter(([char]) => char !== ']')

const escapeBy = (table: typeof escapes, name: string): string =>
  table.reduce((text, [char, escaped]) => text.replaceAll(char, escaped), name)

const escapeName = (name: string): string => escapeBy(nameEscapes, name)

/** The name, or the key or text of a test, that is written so. */
export const unescapeName = (text: string): string =>
  escapes.reduceRight((name, [char, escaped]) => name.replaceAll(escaped, char), text)

const stepText = (step: Step): string => {
  if (typeof step === 'string') return escapeName(step)
  if ('data' in step) return escapeName(step.data)
  if (step.label !== null) {
    const [key = '', ...value] = step.label.split('=')
    const test = [key, value.join('=')].map((text) => escapeBy(escapes, text)).join('=')
    return `${escapeName(step.name)}[${test}]`
  }
  return step.name === '' ? String(step.index) : `${escapeName(step.name)}[${step.index + 1}]`
}

const stepPattern = (step: Step): string => {
  if (typeof step === 'string') return escapeName(step)
  return 'data' in step || step.name === '' ? '*' : escapeName(step.name)
}

/** Where something is, as `Difference` tells it. */
export interface Place {
  readonly path: string
  readonly pattern: string
}

/** Where a part begins. */
export const placeOf = (part: Part): Place => {
  const text = part === 'status' ? 'status' : part === 'body' ? '' : `${part}:`
  return { path: text, pattern: text }
}

/** One step below another place. */
export const placeBelow = (part: Part, above: Place, step: Step): Place => {
  const isFirst = part !== 'body' && above.path === placeOf(part).path
  const mark = isFirst ? '' : '/'
  return {
    path: `${above.path}${mark}${stepText(step)}`,
    pattern: `${above.pattern}${mark}${stepPattern(step)}`,
  }
}

/** An element by its index or its key; a name that is all digits is data as much as an index. */
const isElement = (step: string): boolean => /^(?:\d+$|\[)/.test(step)

/** The pattern with the names that are data written out: only elements of lists are `*`. */
export const namedPattern = ({ path, pattern }: { path: string; pattern: string }): string => {
  if (!pattern.includes('*')) return pattern
  const [given, collapsed] = [path.split('/'), pattern.split('/')]
  return collapsed
    .map((step, at) => (step === '*' && !isElement(given[at] ?? '') ? (given[at] ?? step) : step))
    .join('/')
}

export type Test = { readonly index: number } | { readonly key: string; readonly text: string }

export interface One {
  readonly is: 'one'
  readonly name: string | null
  readonly test: Test | null
}

export type Segment = { readonly is: 'deep' } | One

/** A place, or many: what a rule is about. */
export interface PathPattern {
  readonly text: string
  readonly part: Part
  readonly segments: readonly Segment[]
}

const tested = /^([^[]*)\[([^\]=]+)(?:=([^\]]*))?\]$/

const segmentOf = (raw: string): Segment | string => {
  if (raw === '**') return { is: 'deep' }
  if (raw === '*') return { is: 'one', name: null, test: null }
  if (raw.includes('*'))
    return `"*" stands for a whole step; write "~2" for the character in "${raw}"`
  const [, name = '', key, text] = tested.exec(raw) ?? []
  if (key === undefined) {
    if (raw.includes('['))
      return `"${raw}" is no test like [id=7]; write "~3" for the character "[", "~4" for "]" in a test`
    return { is: 'one', name: unescapeName(raw), test: null }
  }
  const isIndex = text === undefined && /^[1-9]\d{0,8}$/.test(key)
  if (text === undefined && !isIndex) return `"${raw}" is neither [key=value] nor a number from 1`
  const test: Test = isIndex
    ? { index: Number(key) - 1 }
    : { key: unescapeName(key), text: unescapeName(text ?? '') }
  return { is: 'one', name: unescapeName(name), test }
}

const split = (text: string): { part: Part; rest: string[] } | string => {
  if (text === '') return { part: 'body', rest: [] }
  if (text === 'status') return { part: 'status', rest: [] }
  if (text.startsWith('/')) return { part: 'body', rest: text.slice(1).split('/') }
  const [, part, rest] = /^(header|trailer|writes):([^/].*)$/s.exec(text) ?? []
  if (part === undefined || rest === undefined)
    return `"${text}" is no path: write /field, header:name, writes:table/insert/column or status`
  const [name = '', ...steps] = rest.split('/')
  // A table and its namesake in other letters may be two.
  const first = part === 'writes' ? name : name.toLowerCase()
  return { part: part as Part, rest: [first, ...steps] }
}

/** Reads a pattern; text: what is wrong with it. Names are matched whole, never a part of one. */
export const parsePattern = (text: string): PathPattern | string => {
  const found = split(text)
  if (typeof found === 'string') return found
  const segments = found.rest.map(segmentOf)
  const wrong = segments.find((segment) => typeof segment === 'string')
  if (wrong !== undefined) return wrong as string
  return { text, part: found.part, segments: segments as Segment[] }
}
