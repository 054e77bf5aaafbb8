/**
 * A config on its way between threads and to disk: bytes in pieces, so that reading them back never
 * holds up the thread that serves for longer than one piece.
 */
import { Buffer } from 'node:buffer'
import { setImmediate as turn } from 'node:timers/promises'
import type { Config, Route } from './config.ts'
import { deepFreeze } from './revision.ts'

/** First all but the routes, then the routes, some at a time. JSON in UTF-8. */
export type Pieces = readonly [Uint8Array, ...Uint8Array[]]

const routesInPiece = 10

/** Not a Buffer: those share memory, and only memory of its own can be handed to a thread. */
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

export const serializeConfig = ({ routes, ...rest }: Config): Pieces => {
  const count = Math.ceil(routes.length / routesInPiece)
  const pieces = Array.from({ length: count }, (_, i) =>
    bytes(routes.slice(i * routesInPiece, (i + 1) * routesInPiece)),
  )
  return [bytes(rest), ...pieces]
}

const parse = (piece: Uint8Array): unknown => JSON.parse(Buffer.from(piece).toString('utf8'))

/** Deep-frozen. Other work gets its turn between the pieces. */
export const reviveConfig = async ([first, ...pieces]: Pieces): Promise<Config> => {
  const rest = deepFreeze(parse(first) as Omit<Config, 'routes'>)
  const routes: Route[] = []
  for (const piece of pieces) {
    await turn()
    routes.push(...deepFreeze(parse(piece) as Route[]))
  }
  return Object.freeze({ ...rest, routes: Object.freeze(routes) })
}
