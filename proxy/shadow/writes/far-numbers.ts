/** Which numbers new rows are given in a cage. */
import { randomInt } from 'node:crypto'
import { type AskRows, quoteName, type TableFacts } from './table-facts.ts'

/** The numbers of one cage. */
export interface Numbers {
  /**
   * Has the next row of a table given one that comes after all that there are, and says where to look for
   * it; null: the table gives out none. By one that a row of legacy has, which the twin is too old to know,
   * what is asked of both would find other rows beside it.
   */
  give(facts: TableFacts): Promise<string | null>
  /** A change that failed may have left its number to the next one, of whatever table. */
  forget(): Promise<void>
}

/** Up to which number a table has come, and what rows in a cage are given then: from, to. */
type FarNumbers = readonly [upTo: number, from: number, to: number]

/**
 * From where on legacy has given out none, if anywhere; each cage begins somewhere else. The server keeps
 * count of what it gave out when a cage is over: small numbers would soon be used up. A BIGINT's may be
 * kept in an INT, too.
 */
const farNumbers: Readonly<Record<string, readonly FarNumbers[]>> = {
  bigint: [
    [1_000_000_000, 1_500_000_000, 2_000_000_000],
    [2 ** 50, 2 ** 50, 2 ** 50 + 2 ** 47],
  ],
  int: [[1_500_000_000, 1_500_000_000, 2_000_000_000]],
  mediumint: [[6_000_000, 6_000_000, 8_000_000]],
  smallint: [[16_000, 16_000, 32_000]],
  tinyint: [[64, 64, 100]],
}
const fewNumbers: ReadonlySet<string> = new Set(['smallint', 'tinyint'])

/** Null: as the server counts. */
const numberAfter = (last: number, dataType: string): number | null => {
  const [, from, to] = farNumbers[dataType]?.find(([upTo]) => last < upTo) ?? []
  if (from !== undefined && to !== undefined) return randomInt(from, to)
  return fewNumbers.has(dataType) ? last + 1 : null
}

export const createNumbers = ({
  ask,
  isMariadb,
}: {
  readonly ask: AskRows
  readonly isMariadb: boolean
}): Numbers => {
  /** By table: what its last row was given in this cage. */
  const given = new Map<string, number>()
  /** Whether the server holds one for whoever comes next. */
  let isLeft = false
  // Without it numbers are as they come.
  const say = (number: number): Promise<unknown> => ask(`SET INSERT_ID = ${number}`).catch(() => {})
  const numberFor = ({ name }: TableFacts, last: number, dataType: string): number | null => {
    const isOwn = last >= (given.get(name) ?? Number.POSITIVE_INFINITY)
    return isOwn && !fewNumbers.has(dataType) ? null : numberAfter(last, dataType)
  }
  return {
    async give(facts) {
      const auto = facts.columns.find(({ isAuto }) => isAuto)
      if (auto === undefined) return null
      const name = quoteName(auto.name)
      const [row] = await ask(`SELECT COALESCE(MAX(${name}), 0) FROM ${quoteName(facts.name)}`)
      const last = Number(row?.[0] ?? '0')
      const number = numberFor(facts, last, auto.dataType)
      if (number !== null) given.set(facts.name, number)
      if (number !== null || isLeft) await say(number ?? last + 1)
      isLeft = false
      return `${name} > ${row?.[0] ?? '0'}`
    },
    async forget() {
      // MariaDB takes 0 for none; MySQL would give it out.
      if (isMariadb) await say(0)
      else isLeft = true
    },
  }
}
