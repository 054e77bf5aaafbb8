/** The last config that was in force, kept for a start while the file is broken or missing. */
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { deepFreeze } from './revision.ts'
import type { Pieces } from './serialized.ts'
import { writeFileAtomically } from './write-file.ts'

/** Values from the environment stand in it, such as the database's password. */
const ownerOnly = 0o600

const fileName = 'last-good.json'

const hashPieces = (pieces: readonly Uint8Array[]): string =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest('hex')

/**
 * Writes `last-good.json`, synced and renamed into place, so that a crash leaves the old or the new
 * one. The directory is made where it is missing.
 */
export const writeLastGood = async (stateDir: string, pieces: Pieces): Promise<void> => {
  const [rest, ...routes] = pieces
  await mkdir(stateDir, { recursive: true })
  const separated = routes.flatMap((piece, i) => (i === 0 ? [piece] : [',', piece]))
  const head = `{"sha256":"${hashPieces(pieces)}","rest":`
  const parts = [head, rest, ',"routes":[', ...separated, ']}\n']
  await writeFileAtomically(join(stateDir, fileName), parts, ownerOnly)
}

interface Stored {
  readonly sha256: string
  readonly rest: Omit<Config, 'routes'>
  readonly routes: readonly Config['routes'][]
}

const isWhole = ({ sha256, rest, routes }: Stored): boolean =>
  sha256 === hashPieces([rest, ...routes].map((part) => Buffer.from(JSON.stringify(part))))

/** Deep-frozen; null when there is none, or what is there is not what was written. */
export const readLastGood = async (stateDir: string): Promise<Config | null> => {
  try {
    const stored = JSON.parse(await readFile(join(stateDir, fileName), 'utf8')) as Stored
    return isWhole(stored) ? deepFreeze({ ...stored.rest, routes: stored.routes.flat() }) : null
  } catch {
    return null
  }
}
