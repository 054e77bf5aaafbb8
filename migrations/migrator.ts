/** Runs migrations one after the other and remembers, in the database itself, which have run. */
import { QueryTypes, type Sequelize } from 'sequelize'
import { Umzug, type UmzugStorage } from 'umzug'
import { legacySchema } from './20260101t0000-legacy-schema.ts'
import { withMigrationLock } from './migration-lock.ts'

export interface MigrationContext {
  readonly database: Sequelize
  /** Whether `down` may drop tables that hold rows. */
  readonly dropData: boolean
}

/** One change of the schema and its way back, the same on SQLite and MariaDB. */
export interface Migration {
  /** `YYYYMMDDtHHMM-verb-noun`; names order migrations, and never change once they have run. */
  readonly name: string
  /** Throws an Error whose message says what to do; then the migration counts as not run. */
  up(context: MigrationContext): Promise<void>
  down(context: MigrationContext): Promise<void>
}

export interface MigrationStatus {
  /** In the order in which they ran. */
  readonly executed: readonly string[]
  readonly pending: readonly string[]
}

export interface Migrator {
  /** Runs what is pending, up to and including `to`. Returns the names that ran. */
  up(to?: string): Promise<readonly string[]>
  /** Takes back the last one, or all down to and including `to`. Returns the names. */
  down(to?: string): Promise<readonly string[]>
  /** Reads only. */
  status(): Promise<MigrationStatus>
}

export interface MigratorOptions {
  readonly migrations?: readonly Migration[]
  readonly dropData?: boolean
}

const table = 'schema_migrations'

/** Umzug's own storage would create its table even to answer `status`. */
const createStorage = (database: Sequelize): UmzugStorage => ({
  async executed() {
    const present = await database.getQueryInterface().showAllTables()
    if (!present.includes(table)) return []
    const rows = await database.query<{ name: string }>(`SELECT name FROM ${table} ORDER BY name`, {
      type: QueryTypes.SELECT,
    })
    return rows.map(({ name }) => name)
  },
  async logMigration({ name }) {
    await database.query(
      `CREATE TABLE IF NOT EXISTS ${table} (name VARCHAR(190) NOT NULL PRIMARY KEY)`,
    )
    await database.query(`INSERT INTO ${table} (name) VALUES (:name)`, { replacements: { name } })
  },
  async unlogMigration({ name }) {
    await database.query(`DELETE FROM ${table} WHERE name = :name`, { replacements: { name } })
  },
})

const names = (list: readonly { readonly name: string }[]): readonly string[] =>
  list.map(({ name }) => name)

/** @param options `migrations` defaults to those of this folder, `dropData` to false */
export const createMigrator = (database: Sequelize, options: MigratorOptions = {}): Migrator => {
  const { migrations = [legacySchema], dropData = false } = options
  const umzug = new Umzug<MigrationContext>({
    migrations: migrations.map(({ name, up, down }) => ({
      name,
      up: ({ context }) => up(context),
      down: ({ context }) => down(context),
    })),
    context: { database, dropData },
    storage: createStorage(database),
    logger: undefined,
  })
  const known = (to: string): string => {
    if (migrations.some(({ name }) => name === to)) return to
    throw new TypeError(`there is no migration "${to}"; there are ${names(migrations).join(', ')}`)
  }
  const aim = (to: string | undefined): { to?: string } =>
    to === undefined ? {} : { to: known(to) }
  return {
    up: (to) => withMigrationLock(database, async () => names(await umzug.up(aim(to)))),
    down: (to) => withMigrationLock(database, async () => names(await umzug.down(aim(to)))),
    status: async () => ({
      executed: names(await umzug.executed()),
      pending: names(await umzug.pending()),
    }),
  }
}
