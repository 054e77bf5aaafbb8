/** Header fields by what they mean: lists, dates, media types, cookies, URLs. */
import type { RawHeaders } from '../targets/send.ts'
import { type CookieLines, compareCookies } from './compare-cookies.ts'
import { compareJson, compareScalars } from './compare-json.ts'
import { compareUrls } from './compare-url.ts'
import { challengeForms, parametersForm, pieces, policyForm } from './header-forms.ts'
import { type HeaderKind, headerKind, isIgnoredHeader } from './header-kinds.ts'
import { instantOf } from './instant.ts'
import { type JsonValue, jsonObject } from './json.ts'
import { charsetName, type MediaType, parseMediaType } from './media-type.ts'
import type { Walk } from './walk.ts'

/** Values by name in lower case, in the order of the lines. */
export type Fields = ReadonlyMap<string, readonly string[]>

export const fieldsOf = (headers: RawHeaders): Fields => {
  const fields = new Map<string, string[]>()
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    const value = (headers[at + 1] ?? '').trim()
    const known = fields.get(name)
    if (known === undefined) fields.set(name, [value])
    else known.push(value)
  }
  return fields
}

/** All values of a field as one, as RFC 9110 §5.3 joins them; null: there is none. */
export const joined = (fields: Fields, name: string): string | null =>
  fields.get(name)?.join(', ') ?? null

interface Sides {
  readonly legacy: readonly string[]
  readonly modern: readonly string[]
}

type Compare = (walk: Walk, sides: Sides) => void

const directive = /^([\w-]+)(?:\s*=\s*(.*))?$/s

const unquoted = (value: string): string =>
  /^"(?:[^"\\]|\\.)*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value

type Spell = (text: string) => string

const asWritten: Spell = (text) => text
const lowerCase: Spell = (text) => text.toLowerCase()

/** Names and values: the order of these lists means nothing, nor do repetition and quotes. */
const listValue = (
  values: readonly string[],
  nameOf: Spell,
  memberOf: Spell = asWritten,
): JsonValue => {
  const lists = new Map<string, Set<string>>()
  for (const member of pieces(values.join(','), ',')) {
    const [, name, value = ''] = directive.exec(member) ?? []
    const key = name === undefined ? memberOf(member) : nameOf(name)
    lists.set(key, (lists.get(key) ?? new Set()).add(unquoted(value)))
  }
  const entries = [...lists].map(([name, [...all]]): [string, JsonValue] => [
    name,
    all.length === 1 ? (all[0] ?? '') : all,
  ])
  return jsonObject(new Map(entries))
}

const comparingLists =
  (nameOf: Spell): Compare =>
  (walk, { legacy, modern }) =>
    compareJson(walk, listValue(legacy, nameOf), listValue(modern, nameOf))

/** A link of both is named as legacy writes it, and so are places and the rules about them. */
const compareLinks: Compare = (walk, { legacy, modern }) => {
  const written = new Map(
    pieces(legacy.join(','), ',').map((link): [string, string] => [parametersForm(link), link]),
  )
  const named = (links: readonly string[]): JsonValue =>
    listValue(links, lowerCase, (link) => written.get(parametersForm(link)) ?? link)
  compareJson(walk, named(legacy), named(modern))
}

const one = ({ legacy, modern }: Sides): [string, string] => [legacy.join(', '), modern.join(', ')]

const compareText: Compare = (walk, sides) => {
  const [legacy, modern] = one(sides)
  compareScalars(walk, legacy, modern)
}

/** Values that come to one form are one; others are compared, and shown, as they are written. */
const comparingForms =
  (formOf: Spell): Compare =>
  (walk, sides) => {
    const [legacy, modern] = one(sides)
    compareScalars(walk, legacy, formOf(legacy) === formOf(modern) ? legacy : modern)
  }

const compareDates: Compare = (walk, sides) => {
  const [legacy, modern] = one(sides)
  if (legacy === modern) return
  const [left, right] = [instantOf(legacy), instantOf(modern)]
  const isSame = left !== null && left.ms === right?.ms
  walk.report(isSame ? 'spelling' : 'value', legacy, modern)
}

const parameters = (type: MediaType): JsonValue => {
  const isParts = type.essence.startsWith('multipart/')
  const kept = [...type.parameters].filter(([name]) => !(isParts && name === 'boundary'))
  const normal = kept.map(([name, value]): [string, JsonValue] => [
    name,
    name === 'charset' ? charsetName(value) : value,
  ])
  return jsonObject(new Map(normal))
}

/** Another type is another type; `utf8` and `UTF-8` are one charset. */
const compareTypes: Compare = (walk, sides) => {
  const [legacy, modern] = one(sides)
  const [left, right] = [parseMediaType(legacy), parseMediaType(modern)]
  if (left === null || right === null) compareScalars(walk, legacy, modern)
  else if (left.essence !== right.essence) walk.report('type', left.essence, right.essence)
  else compareJson(walk, parameters(left), parameters(right))
}

/** Validators name one server's version of the bytes; only their strength is comparable. */
const compareTags: Compare = (walk, sides) => {
  const [legacy, modern] = one(sides).map((tag) => tag.startsWith('W/'))
  if (legacy !== modern) walk.report('value', ...one(sides))
}

const comparers: Readonly<Record<Exclude<HeaderKind, 'cookies'>, Compare>> = {
  list: comparingLists(lowerCase),
  // `get` is another method than `GET` (RFC 9110 §9.1).
  methods: comparingLists(asWritten),
  links: compareLinks,
  parameters: comparingForms(parametersForm),
  policy: comparingForms(policyForm),
  date: compareDates,
  mediaType: compareTypes,
  url: (walk, sides) => compareUrls(walk, ...one(sides)),
  etag: compareTags,
  challenges: (walk, { legacy, modern }) =>
    compareJson(walk, challengeForms(legacy.join(',')), challengeForms(modern.join(','))),
}

const dateOf = (fields: Fields): number | null =>
  instantOf(joined(fields, 'date') ?? '')?.ms ?? null

/** Expires counts from the Date of its answer; without one from the other's, as both were asked one thing. */
const linesOf = (name: string, fields: Fields, other: Fields): CookieLines => ({
  lines: fields.get(name) ?? [],
  nowMs: dateOf(fields) ?? dateOf(other) ?? 0,
})

const compareField = (walk: Walk, name: string, legacy: Fields, modern: Fields): void => {
  const [left, right] = [legacy.get(name), modern.get(name)]
  const kind = headerKind(name)
  if (kind === 'cookies')
    compareCookies(walk, linesOf(name, legacy, modern), linesOf(name, modern, legacy))
  else if (left === undefined) walk.report('extra', left, right?.join(', '))
  else if (right === undefined) walk.report('missing', left.join(', '), right)
  else (kind === null ? compareText : comparers[kind])(walk, { legacy: left, modern: right })
}

/** Reports every field in which two heads differ; fields that say nothing of the content are left out. */
export const compareHeaders = (walk: Walk, legacy: Fields, modern: Fields): void => {
  for (const name of new Set([...legacy.keys(), ...modern.keys()])) {
    if (isIgnoredHeader(name)) continue
    walk.enter(name)
    compareField(walk, name, legacy, modern)
    walk.leave()
  }
}
