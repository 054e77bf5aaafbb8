/**
 * The beginning of a path, exchanged by whole segments on the bytes as they are: nothing is decoded,
 * joined or made shorter. Pure.
 */
import type { Replacement } from '../../config/rewriting-config.ts'

const bare = (prefix: string): string => prefix.replace(/\/$/, '')

/** Where a path may go on after its prefix. */
const isBoundary = (rest: string): boolean => rest === '' || /^[/?#]/.test(rest)

const exchange = (path: string, from: string, to: string): string | null => {
  const [old, next] = [bare(from), bare(to)]
  const rest = path.slice(old.length)
  if (!path.startsWith(old) || !isBoundary(rest)) return null
  const found = `${next}${rest}`
  return found.startsWith('/') ? found : `/${found}`
}

/** The target as the upstream has it; null: it does not begin like that, however it may be read. */
export const toUpstream = (target: string, { from, to }: Replacement): string | null =>
  exchange(target, from, to)

/** A path that the upstream names, as the client has it; what lies elsewhere stays. */
export const toClient = (path: string, { from, to }: Replacement): string =>
  exchange(path, to, from) ?? path
