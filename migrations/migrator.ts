/** Runs migrations one after the other and remembers, in the database itself, which have run. */
import { QueryTypes, type Sequelize } from 'sequelize'
import { Umzug, type UmzugStorage } from 'umzug'
import type { Migration, MigrationContext } from './migration.ts'
import { withMigrationLock } from './migration-lock.ts'
import { migrations as allMigrations } from './migrations.ts'

export interface MigrationStatus {
  /** In the order in which they ran. */
  readonly executed: readonly string[]
  /** What `up` would run. */
  readonly pending: readonly string[]
  /** What it would not, unless told its name; `until` tells what a contract waits for. */
  readonly held: readonly { readonly name: string; readonly until: string }[]
}

export interface Migrator {
  /**
   * Runs what is pending: up to and including `to`, or up to the first contract, excluding it.
   * Returns the names that ran.
   */
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

const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name)

/** Those before the first contract, and the rest. Pure. */
const splitAtContract = (
  pending: readonly Migration[],
): Pick<MigrationStatus, 'pending' | 'held'> => {
  const at = pending.findIndex(({ contract }) => contract !== undefined)
  const end = at < 0 ? pending.length : at
  const until = pending[end]?.contract ?? ''
  return {
    pending: names(pending.slice(0, end)),
    held: pending.slice(end).map(({ name, contract = until }) => ({ name, until: contract })),
  }
}

/** @param options `migrations` defaults to those of this folder, `dropData` to false */
export const createMigrator = (database: Sequelize, options: MigratorOptions = {}): Migrator => {
  const { migrations = allMigrations, dropData = false } = options
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
  const placeOf = (to: string): number => {
    const place = migrations.findIndex(({ name }) => name === to)
    if (place >= 0) return place
    throw new TypeError(`there is no migration "${to}"; there are ${names(migrations).join(', ')}`)
  }
  const pending = async (): Promise<readonly Migration[]> => {
    const left = new Set(names(await umzug.pending()))
    return migrations.filter(({ name }) => left.has(name))
  }
  const wanted = async (to: string | undefined): Promise<string[]> => {
    const left = await pending()
    if (to === undefined) return [...splitAtContract(left).pending]
    const last = placeOf(to)
    return names(left.filter(({ name }) => placeOf(name) <= last))
  }
  const back = (to: string | undefined): { to?: string } =>
    to === undefined ? {} : { to: migrations[placeOf(to)]?.name ?? to }
  return {
    up: (to) =>
      withMigrationLock(database, async () =>
        names(await umzug.up({ migrations: await wanted(to) })),
      ),
    down: (to) => withMigrationLock(database, async () => names(await umzug.down(back(to)))),
    status: async () => ({
      executed: names(await umzug.executed()),
      ...splitAtContract(await pending()),
    }),
  }
}
