/** Which numbers new rows are given in a cage. */
import { randomInt } from 'node:crypto'
import { type AskRows, quoteName, type TableFacts } from './table-facts.ts'

export interface NumberParts {
  readonly ask: AskRows
  readonly facts: TableFacts
  /** By table: what its last row was given in this cage. */
  readonly given: Map<string, number>
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

/**
 * Numbers that are given out come after all that there are. By one that a row of legacy has, which the
 * twin is too old to know, what is asked of both would find other rows beside it.
 */
export const whereNumbered = async ({ ask, facts, given }: NumberParts): Promise<string | null> => {
  const auto = facts.columns.find(({ isAuto }) => isAuto)
  if (auto === undefined) return null
  const name = quoteName(auto.name)
  const [row] = await ask(`SELECT COALESCE(MAX(${name}), 0) FROM ${quoteName(facts.name)}`)
  const last = row?.[0] ?? '0'
  const isOwn = Number(last) >= (given.get(facts.name) ?? Number.POSITIVE_INFINITY)
  const number =
    isOwn && !fewNumbers.has(auto.dataType) ? null : numberAfter(Number(last), auto.dataType)
  if (number !== null) {
    given.set(facts.name, number)
    // Without it numbers are as they come.
    await ask(`SET INSERT_ID = ${number}`).catch(() => {})
  }
  return `${name} > ${last}`
}

/** A change that failed may have left its number to the next one, of whatever table. */
export const forgetNumber = async ({ ask }: Pick<NumberParts, 'ask'>): Promise<void> => {
  await ask('SET INSERT_ID = 0').catch(() => {})
}
