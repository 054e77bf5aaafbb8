/** YAML with positions: the one door to the YAML library. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  stringify,
  visit,
  type YAMLMap,
} from 'yaml'
import { type Fault, fault, type Place } from './diagnostics.ts'
import { type Environment, substitute } from './variables.ts'

export type Path = readonly (string | number)[]

/** A key of a map and its value, as offsets into the text. */
export interface Entry {
  readonly key: string
  readonly keyStart: number
  readonly start: number
  /** Behind the last character of the value. */
  readonly end: number
  readonly form: 'scalar' | 'flowMap' | 'blockMap' | 'other'
}

export interface YamlFile {
  readonly file: string
  readonly text: string
  /** What the file says as plain data, variables filled in; null when `faults` has syntax errors. */
  readonly value: unknown
  readonly faults: readonly { readonly fault: Fault; readonly place: Place }[]
  has(path: Path): boolean
  /** Where a key or its value stands; for what is missing, the nearest key above it. */
  placeOf(path: Path, at: 'key' | 'value'): Place
  /** The keys of the map at this path, in the order of the file; null where there is no map. */
  entriesAt(path: Path): readonly Entry[] | null
}

/** One file of a config. */
export interface Source {
  /** As the user named it. */
  readonly file: string
  readonly text: string
}

type Ranged = { readonly range?: readonly number[] | null }
type PlaceAt = (start: number, end: number) => Place

const placer = ({ file, text }: Source, lines: LineCounter): PlaceAt => {
  return (start, end) => {
    const { line, col } = lines.linePos(start)
    const from = start - col + 1
    const stop = text.indexOf('\n', from)
    const written = text.slice(from, stop === -1 ? text.length : stop).replace(/\r$/, '')
    const length = Math.max(1, Math.min(end - start, written.length - col + 1))
    return { file, line, column: col, length, text: written }
  }
}

const resolved = (node: unknown, doc: Document): unknown =>
  isAlias(node) ? node.resolve(doc) : node

const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : String(key))

const pairAt = (node: unknown, step: string | number): Pair | null =>
  isMap(node) ? (node.items.find((pair) => keyOf(pair) === step) ?? null) : null

interface Found {
  readonly node: unknown
  readonly pair: Pair | null
  /** False when the path ends before its last step; then `pair` is the nearest above. */
  readonly whole: boolean
}

const find = (doc: Document, path: Path): Found => {
  let node: unknown = resolved(doc.contents, doc)
  let nearest: Pair | null = null
  for (const step of path) {
    const pair = pairAt(node, step)
    const next = pair?.value ?? (isSeq(node) ? node.items[Number(step)] : undefined)
    nearest = pair ?? nearest
    if (pair === null && next === undefined) return { node, pair: nearest, whole: false }
    node = resolved(next, doc)
    if (pair === null) nearest = null
  }
  return { node, pair: nearest, whole: true }
}

const startOf = (node: unknown): number | null => (node as Ranged | null)?.range?.[0] ?? null
const endOf = (node: unknown): number => (node as Ranged | null)?.range?.[1] ?? 0

const isEmptyScalar = (node: unknown): boolean => isScalar(node) && endOf(node) === startOf(node)

/** The node that a place points at: the value, unless there is none to see. */
const pointed = ({ node, pair, whole }: Found, at: 'key' | 'value'): unknown =>
  pair !== null && (at === 'key' || !whole || startOf(node) === null || isEmptyScalar(node))
    ? pair.key
    : node

const formOf = (node: unknown): Entry['form'] => {
  if (isScalar(node)) return 'scalar'
  if (!isMap(node)) return 'other'
  return node.flow === true ? 'flowMap' : 'blockMap'
}

const entriesOf = (map: YAMLMap): readonly Entry[] =>
  map.items.map((pair) => ({
    key: keyOf(pair),
    keyStart: startOf(pair.key) ?? 0,
    start: startOf(pair.value) ?? endOf(pair.key),
    end: pair.value === null ? endOf(pair.key) : endOf(pair.value),
    form: formOf(pair.value),
  }))

type Faults = { fault: Fault; place: Place }[]

const syntaxFaults = (doc: Document, place: PlaceAt): Faults =>
  [...doc.errors, ...doc.warnings].map(({ message, pos }) => ({
    fault: fault('syntax', message.replaceAll('\n', ' ')),
    place: place(pos[0], pos[1]),
  }))

const duplicateFaults = (doc: Document, place: PlaceAt): Faults => {
  const faults: Faults = []
  visit(doc, {
    Map: (_, map) => {
      const seen = new Map<string, number>()
      for (const pair of map.items) {
        const key = keyOf(pair)
        const [start, first] = [startOf(pair.key) ?? 0, seen.get(key)]
        if (first === undefined) seen.set(key, start)
        else {
          const where = place(first, first + 1)
          const message = `"${key}" is written twice; first at line ${where.line}`
          faults.push({
            fault: fault('duplicateKey', message),
            place: place(start, endOf(pair.key)),
          })
        }
      }
    },
  })
  return faults
}

const fillVariables = (
  doc: Document,
  { text }: Source,
  env: Environment,
  place: PlaceAt,
): Faults => {
  const faults: Faults = []
  visit(doc, {
    Scalar: (role, scalar) => {
      if (role === 'key' || typeof scalar.value !== 'string' || !scalar.value.includes('${')) return
      const filled = substitute(scalar.value, env)
      scalar.value = filled.text
      for (const { fault: found, reference } of filled.faults) {
        const start = Math.max(text.indexOf(reference, startOf(scalar) ?? 0), 0)
        faults.push({ fault: found, place: place(start, start + reference.length) })
      }
    },
  })
  return faults
}

const plainData = (doc: Document, place: PlaceAt): { value: unknown; faults: Faults } => {
  try {
    return { value: doc.toJS(), faults: [] }
  } catch (error) {
    // Aliases that multiply: a small file may mean gigabytes.
    const message = error instanceof Error ? error.message : String(error)
    return { value: null, faults: [{ fault: fault('syntax', message), place: place(0, 1) }] }
  }
}

/** Reads a text. Never throws: what is wrong is in `faults`. */
export const readYaml = (source: Source, env: Environment): YamlFile => {
  const lines = new LineCounter()
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false } as const
  const doc = parseDocument(source.text, { ...options, stringKeys: true, logLevel: 'error' })
  const place = placer(source, lines)
  const broken = syntaxFaults(doc, place)
  const faults = broken.length > 0 ? broken : duplicateFaults(doc, place)
  if (broken.length === 0) faults.push(...fillVariables(doc, source, env, place))
  const plain = broken.length > 0 ? { value: null, faults: [] } : plainData(doc, place)
  return {
    ...source,
    value: plain.value,
    faults: [...faults, ...plain.faults],
    has: (path) => find(doc, path).whole,
    placeOf: (path, at) => {
      const node = pointed(find(doc, path), at)
      return place(startOf(node) ?? 0, endOf(node))
    },
    entriesAt: (path) => {
      const { node, whole } = find(doc, path)
      return whole && isMap(node) ? entriesOf(node) : null
    },
  }
}

/** Plain data as YAML, lists and maps in block style. */
export const toYaml = (value: unknown): string => stringify(value, { lineWidth: 0 })
