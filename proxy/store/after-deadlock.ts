/** MySQL and MariaDB: ER_LOCK_DEADLOCK. */
const deadlock = 1213

const mostTries = 10

const isDeadlock = (error: unknown): boolean =>
  (error as { parent?: { errno?: unknown } } | null)?.parent?.errno === deadlock

/**
 * Runs it again where the server ended it because two instances waited for each other. MySQL manual,
 * "How to Minimize and Handle Deadlocks": the one that was ended has changed nothing, and tries again.
 *
 * @param work one transaction, or statements that may be repeated. Rejects with its error.
 */
export const againAfterDeadlock = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isDeadlock(error) || tries === mostTries) throw error
    }
  }
}
