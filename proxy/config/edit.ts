/** Changes one route's line and nothing else: comments, quotes, order and white space stay. */
import type { Stage } from '../stage.ts'
import { formatShare } from './units.ts'
import { type Entry, readYaml, type Source, type YamlFile } from './yaml.ts'

export interface RouteChange {
  readonly stage: Stage
  /** Basis points; absent: the weight stays as it is. */
  readonly weightBp?: number
}

export interface Edit {
  readonly text: string
  /** Of the first line that changes, from 1. */
  readonly line: number
  /** The lines that change, as they were and as they are. */
  readonly before: string
  readonly after: string
}

/** Thrown where a route is written in a way that cannot be edited in place. */
export class EditError extends Error {
  override readonly name = 'EditError'
}

interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Keeps the quotes of what stood there. */
const replacement = (text: string, { start, end }: Entry, value: string): Splice => {
  const quote = text[start] === '"' || text[start] === "'" ? text[start] : ''
  const space = start === end ? ' ' : ''
  return { start, end, text: `${space}${quote}${value}${quote}` }
}

/** A route without keys yet: `{}`. */
const intoEmpty = (text: string, route: Entry, written: string): Splice => {
  const close = text.lastIndexOf('}', route.end - 1)
  return { start: route.start + 1, end: close, text: ` ${written} ` }
}

/** Behind the last key of the flow map, on its line. */
const intoFlow = (last: Entry, written: string): Splice => ({
  start: last.end,
  end: last.end,
  text: `, ${written}`,
})

/** A line of its own below the last one of the block map, indented like its keys. */
const intoBlock = (text: string, last: Entry, written: string): Splice => {
  const lineStart = text.lastIndexOf('\n', last.keyStart - 1) + 1
  const indent = ' '.repeat(last.keyStart - lineStart)
  const lastCharacter = text.slice(0, last.end).trimEnd().length
  const found = text.indexOf('\n', lastCharacter)
  const stop = found === -1 ? text.length : found
  const lineEnd = text[stop - 1] === '\r' ? stop - 1 : stop
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  return { start: lineEnd, end: lineEnd, text: `${newline}${indent}${written}` }
}

const insertion = (text: string, route: Entry, keys: readonly Entry[], written: string): Splice => {
  const last = keys.at(-1)
  if (route.form === 'flowMap')
    return last === undefined ? intoEmpty(text, route, written) : intoFlow(last, written)
  if (last === undefined) throw new EditError(`route "${route.key}" has no keys yet`)
  return intoBlock(text, last, written)
}

const set = (
  text: string,
  route: Entry,
  keys: readonly Entry[],
  values: readonly (readonly [string, string])[],
): readonly Splice[] => {
  const present = values.flatMap(([key, value]) => {
    const entry = keys.find((one) => one.key === key)
    return entry === undefined ? [] : [replacement(text, entry, value)]
  })
  const absent = values.filter(([key]) => !keys.some((one) => one.key === key))
  // One splice for all that is new, so that it comes in the order of `values`.
  if (absent.length === 0) return present
  const pairs = absent.map(([key, value]) => `${key}: ${value}`)
  if (route.form === 'flowMap') return [...present, insertion(text, route, keys, pairs.join(', '))]
  const first = insertion(text, route, keys, pairs[0] ?? '')
  const lines = pairs.map((pair) => first.text.replace(pairs[0] ?? '', pair))
  return [...present, { ...first, text: lines.join('') }]
}

const apply = (text: string, splices: readonly Splice[]): string =>
  [...splices]
    .sort((a, b) => b.start - a.start)
    .reduce((left, { start, end, text: put }) => left.slice(0, start) + put + left.slice(end), text)

/** The lines that differ, from the first to the last. */
const changedLines = (before: string, after: string): Omit<Edit, 'text'> => {
  const [was, is] = [before.split('\n'), after.split('\n')]
  let first = 0
  while (first < was.length && was[first] === is[first]) first++
  let same = 0
  const most = Math.min(was.length, is.length) - first
  while (same < most && was.at(-1 - same) === is.at(-1 - same)) same++
  const lines = (all: readonly string[]): string =>
    all
      .slice(first, all.length - same)
      .join('\n')
      .replaceAll('\r', '')
  return { line: first + 1, before: lines(was), after: lines(is) }
}

const routeEntry = (yaml: YamlFile, id: string): Entry | null =>
  yaml.entriesAt(['routes'])?.find(({ key }) => key === id) ?? null

const own = /^(stage|weight)$/

/** The keys of the route, where they can be edited. */
const editableKeys = (yaml: YamlFile, id: string, route: Entry): readonly Entry[] => {
  const keys = yaml.entriesAt(['routes', id])
  if (keys === null || (route.form !== 'flowMap' && route.form !== 'blockMap'))
    throw new EditError(`route "${id}" is no map of its own; edit it by hand`)
  for (const { key, form, start, end } of keys.filter((entry) => own.test(entry.key))) {
    if (form !== 'scalar')
      throw new EditError(`${key} of route "${id}" is no plain value; edit it by hand`)
    if (yaml.text.slice(start, end).includes('${'))
      throw new EditError(`${key} of route "${id}" comes from the environment; set it there`)
  }
  return keys
}

/**
 * Sets the stage, and the weight where one is given, of one route.
 *
 * @returns null when the text does not define the route: it may be in another file
 * @throws EditError where it is written as something other than a map with plain values
 */
export const editRoute = (text: string, id: string, change: RouteChange): Edit | null => {
  const yaml = readYaml({ file: '', text }, {})
  const route = routeEntry(yaml, id)
  if (route === null) return null
  const keys = editableKeys(yaml, id, route)
  const values: [string, string][] = [['stage', change.stage]]
  if (change.weightBp !== undefined) values.push(['weight', formatShare(change.weightBp)])
  const edited = apply(text, set(text, route, keys, values))
  return { text: edited, ...changedLines(text, edited) }
}

/** The same over all files of a config: the one that defines the route, and its edit. */
export const editSources = (
  sources: readonly Source[],
  id: string,
  change: RouteChange,
): { readonly source: Source; readonly edit: Edit } | null => {
  for (const source of sources) {
    const edit = editRoute(source.text, id, change)
    if (edit !== null) return { source, edit }
  }
  return null
}
