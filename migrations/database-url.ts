/** The one form in which a database is named: `DATABASE_URL`. */
import { isAbsolute, resolve } from 'node:path'

export type DatabaseAddress =
  | { readonly form: 'sqlite'; readonly file: string }
  | {
      readonly form: 'mysql'
      readonly host: string
      readonly port: number
      readonly user: string
      readonly password: string
      readonly database: string
    }

/** A URL that may be shown to people, however badly its password is escaped. */
export const hidePassword = (url: string): string => url.replace(/(:\/\/[^:@/]*):.*@/, '$1:***@')

const badUrl = (url: string, why: string): TypeError =>
  new TypeError(
    `"${hidePassword(url)}" is no database URL: ${why}. ` +
      'Write sqlite:/absolute/file.db or mysql://user:password@host:port/database',
  )

const parseMysqlUrl = (url: string): DatabaseAddress => {
  if (!URL.canParse(url)) throw badUrl(url, 'it is not a URL')
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  if (protocol !== 'mysql:') throw badUrl(url, `the scheme ${protocol} is not known`)
  const database = decodeURIComponent(pathname.slice(1))
  if (hostname === '') throw badUrl(url, 'it names no host')
  if (database === '' || database.includes('/')) throw badUrl(url, 'it names no database')
  return {
    form: 'mysql',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 3306 : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
  }
}

/** Throws a TypeError that says what to write instead. A relative file is relative to the cwd. */
export const parseDatabaseUrl = (url: string): DatabaseAddress => {
  const file = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1]
  if (file === undefined) return parseMysqlUrl(url)
  return { form: 'sqlite', file: file === ':memory:' || isAbsolute(file) ? file : resolve(file) }
}
