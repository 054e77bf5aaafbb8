/** Where the cookies of an answer hold: `Domain` and `Path` as clients have them. Pure. */
import type { Rewriting } from '../../config/rewriting-config.ts'
import type { RawHeaders } from '../send.ts'
import { changeValues } from './change-values.ts'

type Changes = Rewriting['cookies']

/** One attribute, `; Domain=…` with the spaces round it. */
const attribute = /^(\s*)(domain|path)(\s*=\s*)(.*?)(\s*)$/i

const domainOf = (domain: Changes['domain'], given: string): string | null => {
  const name = given.toLowerCase().replace(/^\./, '')
  const found = Object.hasOwn(domain, name) ? domain[name] : domain['*']
  return found ?? null
}

const pathOf = (path: Changes['path'], given: string): string | null => {
  const found = Object.entries(path).find(([from]) => given.startsWith(from))
  return found === undefined ? null : `${found[1]}${given.slice(found[0].length)}`
}

/** The attribute as it shall be; null: it goes. */
const rewriteAttribute = (text: string, { domain, path }: Changes): string | null => {
  const [, before = '', name = '', equals = '', given = '', after = ''] = attribute.exec(text) ?? []
  if (name === '') return text
  const next = name.toLowerCase() === 'domain' ? domainOf(domain, given) : pathOf(path, given)
  if (next === null) return text
  return next === '' ? null : `${before}${name}${equals}${next}${after}`
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
