import type { Sequelize } from 'sequelize'

export interface MigrationContext {
  readonly database: Sequelize
  /** Whether `down` may drop tables that hold rows. */
  readonly dropData: boolean
}

/** One change of the schema and its way back, the same on SQLite and MariaDB. */
export interface Migration {
  /** `YYYYMMDDtHHMM-verb-noun`; names order migrations, and never change once they have run. */
  readonly name: string
  /**
   * For a change that legacy cannot live with: what has to be so before it, after "until". It and
   * those after it run only when they are named.
   */
  readonly contract?: string
  /** Throws an Error whose message says what to do; then the migration counts as not run. */
  up(context: MigrationContext): Promise<void>
  down(context: MigrationContext): Promise<void>
}
