/** Where the cookies of an answer hold: `Domain` and `Path` as clients have them. Pure. */
import type { Rewriting } from '../../config/rewriting-config.ts'
import type { RawHeaders } from '../send.ts'
import { changeValues } from './change-values.ts'

type Changes = Rewriting['cookies']

const domainOf = (domain: Changes['domain'], given: string): string | null => {
  const name = given.toLowerCase().replace(/^\./, '')
  const found = Object.hasOwn(domain, name) ? domain[name] : domain['*']
  return found ?? null
}

const pathOf = (path: Changes['path'], given: string): string | null => {
  const found = Object.entries(path).find(([from]) => given.startsWith(from))
  return found === undefined ? null : `${found[1]}${given.slice(found[0].length)}`
}

const nextOf = (name: string, given: string, { domain, path }: Changes): string | null => {
  if (name === 'domain') return domainOf(domain, given)
  return name === 'path' ? pathOf(path, given) : null
}

/** One attribute, ` Domain=…` with the spaces round it, as it shall be; null: it goes. */
const rewriteAttribute = (text: string, changes: Changes): string | null => {
  const equals = text.indexOf('=')
  if (equals === -1) return text
  const rest = text.slice(equals + 1)
  const given = rest.trim()
  const next = nextOf(text.slice(0, equals).trim().toLowerCase(), given, changes)
  if (next === null) return text
  const start = text.length - rest.trimStart().length
  return next === '' ? null : text.slice(0, start) + next + text.slice(start + given.length)
}

const rewriteCookie = (line: string, changes: Changes): string => {
  const [pair = '', ...attributes] = line.split(';')
  const kept = attributes.flatMap((each) => rewriteAttribute(each, changes) ?? [])
  return [pair, ...kept].join(';')
}

/** The same list where nothing changes. */
export const rewriteCookies = (lines: RawHeaders, changes: Changes): RawHeaders =>
  changeValues(lines, (name, value) =>
    name === 'set-cookie' ? rewriteCookie(value, changes) : value,
  )
