/** Which numbers new rows are given in a cage. */
import { randomInt } from 'node:crypto'
import { type AskRows, quoteName, type TableFacts } from './table-facts.ts'

interface NumberParts {
  readonly ask: AskRows
  readonly facts: TableFacts
}

/**
 * From where on legacy has given out none, if anywhere; each cage begins somewhere else. The server keeps
 * count of what it gave out when a cage is over: small numbers would soon be used up.
 */
const farNumbers: Readonly<Record<string, readonly [number, number]>> = {
  bigint: [2 ** 50, 2 ** 50 + 2 ** 47],
  int: [1_500_000_000, 2_000_000_000],
  mediumint: [6_000_000, 8_000_000],
  smallint: [16_000, 32_000],
  tinyint: [64, 100],
}
const fewNumbers: ReadonlySet<string> = new Set(['smallint', 'tinyint'])

/** Null: as the server counts. */
const numberAfter = (last: number, dataType: string): number | null => {
  const [from, to] = farNumbers[dataType] ?? [0, 0]
  if (last < from) return randomInt(from, to)
  return fewNumbers.has(dataType) ? last + 1 : null
}

/**
 * Numbers that are given out come after all that there are. By one that a row of legacy has, which the
 * twin is too old to know, what is asked of both would find other rows beside it.
 */
export const whereNumbered = async ({ ask, facts }: NumberParts): Promise<string | null> => {
  const auto = facts.columns.find(({ isAuto }) => isAuto)
  if (auto === undefined) return null
  const name = quoteName(auto.name)
  const [row] = await ask(`SELECT COALESCE(MAX(${name}), 0) FROM ${quoteName(facts.name)}`)
  const last = row?.[0] ?? '0'
  const number = numberAfter(Number(last), auto.dataType)
  // Without it numbers are as they come.
  if (number !== null) await ask(`SET INSERT_ID = ${number}`).catch(() => {})
  return `${name} > ${last}`
}

/** A change that failed may have left its number to the next one, of whatever table. */
export const forgetNumber = async ({ ask }: Pick<NumberParts, 'ask'>): Promise<void> => {
  await ask('SET INSERT_ID = 0').catch(() => {})
}
