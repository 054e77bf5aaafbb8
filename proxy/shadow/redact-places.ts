/** Secrets in what a comparison says: values, and the names of places. Pure. */
import type { Comparison } from '../compare/compare.ts'
import type { Difference } from '../compare/difference.ts'
import type { NoisyPlace } from '../compare/noise.ts'
import { anyOf } from '../compare/shape.ts'
import type { SecretNames } from './redact-names.ts'
import type { Tokens } from './redact-token.ts'

export interface PlaceParts {
  readonly names: SecretNames
  readonly tokens: Tokens
  readonly text: (text: string) => string
  readonly url: (text: string) => string
  /** @param isSecret whether all of the value is */
  readonly json: (text: string, isSecret: boolean) => string
}

const cookieAttribute =
  /^(?:path|domain|expires|lifetime|max-age|secure|httponly|samesite|partitioned)$/i

/** What a cut value ends with may be half a secret that nobody knows any more by its looks. */
const cutEnd = /([^"{}[\],:<>]{1,64})…$/

const isSecretHeaderPlace = (header: string, last: string, names: SecretNames): boolean => {
  if (/^(?:set-)?cookie$/i.test(header)) return !cookieAttribute.test(last)
  return names.isSecretHeader(header)
}

/** `items[id=7]` without what it is told by. */
const withoutTest = (step: string): string => {
  const at = step.indexOf('[')
  return at !== -1 && step.endsWith(']') ? step.slice(0, at) : step
}

/** What is not closed goes to the end: each character is read once. */
const tests = /\[([^[\]=]+)=([^\]]*)(\]?)/g

/** Whether a place is one of which no value is shown. */
const isSecretPlace = (path: string, names: SecretNames): boolean => {
  const [, header, rest] = /^(?:header|trailer):([^/]*)(.*)$/s.exec(path) ?? []
  const steps = (rest ?? path.replace(/^writes:/, '')).split('/').map(withoutTest)
  if (header !== undefined && isSecretHeaderPlace(header, steps.at(-1) ?? '', names)) return true
  return steps.some((step) => step !== '' && names.isSecret(step))
}

export interface PlaceRedaction {
  pattern(pattern: string): string
  comparison(comparison: Comparison): Comparison
  /** What stands for a secret has another shape than the secret, and bounds are made of values. */
  noise(place: NoisyPlace): NoisyPlace
}

/** Shown as it stands in the URL. */
const urlPart = /^header:(?:content-)?location\/(path|fragment)$/

const ofString = (written: string, text: (text: string) => string): string | null => {
  try {
    const value: unknown = JSON.parse(written)
    return typeof value === 'string' ? JSON.stringify(text(value)) : null
  } catch {
    return null
  }
}

/** A cut string may hold a document, whose names are told only when its quotes are no escapes. */
const ofCutString = (written: string, text: (text: string) => string): string | null => {
  if (!written.startsWith('"') || !written.endsWith('…')) return null
  const inner = written.slice(1, -1).replace(/\\(?:u[\da-f]{0,3})?$/i, '')
  try {
    return `${JSON.stringify(text(JSON.parse(`"${inner}"`))).slice(0, -1)}…`
  } catch {
    return null
  }
}

export const createPlaceRedaction = (parts: PlaceParts): PlaceRedaction => {
  const { names, tokens, text, url, json } = parts

  const test = (_: string, key: string, value: string, end: string): string =>
    `[${key}=${names.isSecret(key) ? tokens.of(value) : text(value)}${end}`
  const step = (written: string): string => {
    const tested = written.replace(tests, test)
    return tested === written ? text(written) : tested
  }
  /** What stands where the pattern has a star is data; below a secret name it is secret. */
  const path = (written: string, pattern: string): string => {
    const [steps, stars] = [written.split('/'), pattern.split('/')]
    let isBelow = false
    const shown = steps.map((each, at) => {
      const isData = stars[at] === '*' && !/^(?:\d{1,6}|.*\])$/.test(each)
      const redacted = isBelow && isData ? tokens.of(each) : step(each)
      isBelow ||= names.isSecret(withoutTest(each))
      return redacted
    })
    return shown.join('/')
  }
  const known = (written: string, pattern: string): string | null => {
    const [, part] = urlPart.exec(pattern) ?? []
    if (part === undefined) return ofCutString(written, text)
    const ofPart = part === 'path' ? url : (fragment: string) => url(`#${fragment}`).slice(1)
    return ofString(written, ofPart) ?? ofCutString(written, ofPart)
  }
  const value = (written: string | null, pattern: string): string | null => {
    if (written === null) return null
    const isSecret = isSecretPlace(pattern, names)
    const shown = (isSecret ? null : known(written, pattern)) ?? json(written, isSecret)
    if (!written.endsWith('…')) return shown
    return shown.replace(cutEnd, (_, end: string) => `${tokens.of(end)}…`)
  }
  const difference = <D extends Difference>(found: D): D => ({
    ...found,
    path: path(found.path, found.pattern),
    pattern: found.pattern.split('/').map(text).join('/'),
    legacy: value(found.legacy, found.path),
    modern: value(found.modern, found.path),
  })
  const shape = ({ pattern, shape: learned }: NoisyPlace): NoisyPlace['shape'] => {
    if (learned === null) return null
    const values = learned.values?.map((each) => value(each, pattern) ?? '') ?? null
    return isSecretPlace(pattern, names) ? { ...anyOf('text'), values } : { ...learned, values }
  }
  return {
    noise: ({ names: known, bounds: _, ...place }) => ({
      ...place,
      ...(known && { names: known.map((each) => path(each, place.pattern)) }),
      pattern: place.pattern.split('/').map(text).join('/'),
      shape: shape(place),
    }),
    pattern: (pattern) => pattern.split('/').map(text).join('/'),
    comparison: (comparison) => ({
      ...comparison,
      differences: comparison.differences.map(difference),
      excused: comparison.excused.map(difference),
      noise: comparison.noise.map(difference),
    }),
  }
}

const valueForm = (text: string | null): string | null => {
  if (text === null || /^(?:true|false|null)$/.test(text)) return text
  if (text.startsWith('{')) return '{…}'
  if (text.startsWith('[')) return '[…]'
  return text.startsWith('"') ? '"…"' : '…'
}

const bare = <D extends Difference>(found: D, pattern: (text: string) => string): D => ({
  ...found,
  path: pattern(found.pattern),
  pattern: pattern(found.pattern),
  legacy: valueForm(found.legacy),
  modern: valueForm(found.modern),
})

/** Where and how, but no value at all. */
export const withoutValues = (
  comparison: Comparison,
  pattern: (text: string) => string,
): Comparison => ({
  ...comparison,
  differences: comparison.differences.map((each) => bare(each, pattern)),
  excused: comparison.excused.map((each) => bare(each, pattern)),
  noise: comparison.noise.map((each) => bare(each, pattern)),
})
