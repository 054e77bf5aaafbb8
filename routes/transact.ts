import { type Sequelize, type Transaction, UniqueConstraintError } from 'sequelize'

const mostTries = 10

/** What MariaDB says to a transaction that another one got in the way of. */
const clashes: ReadonlySet<unknown> = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD'])

const isClash = (error: unknown): boolean => {
  if (error instanceof UniqueConstraintError) return true
  if (!(error instanceof Error && 'parent' in error)) return false
  const { parent } = error
  return parent instanceof Error && 'code' in parent && clashes.has(parent.code)
}

/**
 * Runs work in a transaction, and over again where it clashed with another one, so that work may
 * look first and write then: the second time it sees what was in its way. Nothing of a try that
 * failed stays. Throws what the work throws.
 */
export const transact = async <Result>(
  database: Sequelize,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await database.transaction(work)
    } catch (error) {
      if (tries === mostTries || !isClash(error)) throw error
    }
  }
}
