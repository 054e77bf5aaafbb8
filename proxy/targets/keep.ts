/** Parts that outlive a reload for as long as their own piece of the config is unchanged. */
import { isDeepStrictEqual } from 'node:util'

export interface Keep<Piece, Part> {
  /**
   * The parts for these pieces, by name: those whose piece is unchanged as they were, the others
   * made anew.
   */
  use(pieces: ReadonlyMap<string, Piece>): Kept<Part>
  /** The parts in use, by name. */
  current(): ReadonlyMap<string, Part>
}

export interface Kept<Part> {
  readonly parts: ReadonlyMap<string, Part>
  /** Parts that are used no longer. Whoever asked lets go of them. */
  readonly dropped: readonly Part[]
}

export const createKeep = <Piece, Part>(
  make: (piece: Piece, name: string) => Part,
): Keep<Piece, Part> => {
  let kept: ReadonlyMap<string, { readonly piece: Piece; readonly part: Part }> = new Map()
  let parts: ReadonlyMap<string, Part> = new Map()
  return {
    use(pieces) {
      const before = kept
      const next = [...pieces].map(([name, piece]) => {
        const known = before.get(name)
        const isSame = known !== undefined && isDeepStrictEqual(known.piece, piece)
        return [name, isSame ? known : { piece, part: make(piece, name) }] as const
      })
      kept = new Map(next)
      parts = new Map(next.map(([name, { part }]) => [name, part]))
      const dropped = [...before]
        .filter(([name, { part }]) => kept.get(name)?.part !== part)
        .map(([, { part }]) => part)
      return { parts, dropped }
    },
    current: () => parts,
  }
}
