/** Where a store is, as `store.url` says it. Pure. */
import { isAbsolute, resolve } from 'node:path'

export type StoreAddress =
  | { readonly form: 'sqlite'; readonly file: string }
  | {
      readonly form: 'mysql'
      readonly host: string
      readonly port: number
      readonly user: string
      readonly password: string
      readonly database: string
    }

/** What may be written, for people. */
export const storeUrlForms = 'sqlite:./var/banyan.db or mysql://user@host/banyan'

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const mysqlAddress = (url: string): StoreAddress | null => {
  if (!url.startsWith('mysql://') || !URL.canParse(url)) return null
  const { hostname, port, username, password, pathname } = new URL(url)
  const [user, secret, database] = [username, password, pathname.slice(1)].map(decoded)
  if (hostname === '' || !user || secret == null || !database || database.includes('/')) return null
  return {
    form: 'mysql',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 3306 : Number(port),
    user,
    password: secret,
    database,
  }
}

/** Null: it is no address of a store. */
export const parseStoreUrl = (url: string): StoreAddress | null => {
  const file = /^sqlite:(?:\/\/(?=\/))?([^?\0]+)$/.exec(url)?.[1]
  return file === undefined ? mysqlAddress(url) : { form: 'sqlite', file }
}

/** @param directory a relative file is relative to it */
export const absoluteStoreUrl = (url: string, directory: string): string => {
  const address = parseStoreUrl(url)
  if (address?.form !== 'sqlite' || isAbsolute(address.file)) return url
  return `sqlite:${resolve(directory, address.file)}`
}
