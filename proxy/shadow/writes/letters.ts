/**
 * In which letters a handler's connection speaks to the server: how its driver writes a statement, and
 * how the server reads it, compares texts and answers.
 */
import type { Asked } from './mysql-facade.ts'
import type { MysqlLink } from './mysql-link.ts'
import type { AskRows } from './table-facts.ts'

/** In others, quotes and backslashes may be parts of letters. */
const plainLetters: ReadonlySet<unknown> = new Set([
  'utf8mb4',
  'utf8mb3',
  'utf8',
  'latin1',
  'ascii',
])
const allLetters = 'utf8mb4'

export interface Letters {
  /** To be awaited before anything is asked for it. Others than are known here change nothing. */
  speakAs(asked: Asked): Promise<void>
  /** Tells what there is, whatever a handler's connection can be told of it. */
  readonly ask: AskRows
  /** Makes the link what it was. */
  restore(): Promise<void>
}

/** The driver says all of that by the number of a collation, from its start on. */
export const createLetters = ({ connection, ask }: MysqlLink): Letters => {
  const first = connection.config.charsetNumber
  let asked = first
  let answered = allLetters

  const collationOf = async (number: unknown): Promise<readonly [string, string] | null> => {
    const [row = []] = await ask(
      `SELECT CHARACTER_SET_NAME, COLLATION_NAME FROM information_schema.COLLATIONS WHERE ID = ${Number(number)}`,
    )
    const [letters, collation] = row
    return letters == null || collation == null ? null : [letters, collation]
  }
  const speak = async (number: unknown): Promise<void> => {
    if (number === asked) return
    asked = number
    const [letters, collation] = (await collationOf(number)) ?? []
    if (!plainLetters.has(letters)) return
    await ask(`SET NAMES ${letters} COLLATE ${collation}`)
    connection.config.charsetNumber = number
    answered = letters ?? allLetters
  }
  return {
    speakAs: ({ config }) => speak(config.charsetNumber),
    async ask(sql) {
      if (answered === allLetters) return ask(sql)
      await ask(`SET character_set_results = ${allLetters}`)
      return ask(sql).finally(() => ask(`SET character_set_results = ${answered}`))
    },
    restore: () => speak(first),
  }
}
