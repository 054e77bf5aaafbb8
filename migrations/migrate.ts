/** `node dist/migrations/migrate.js up|down|status`: the database of `DATABASE_URL`. */
import { realpathSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeDatabaseFailure } from './database-failure.ts'
import { parseDatabaseUrl } from './database-url.ts'
import { createMigrator, type Migrator } from './migrator.ts'
import { openDatabase } from './open-database.ts'

export interface MigrateIo {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Each takes one line without its end. */
  out(line: string): void
  err(line: string): void
}

const usage = `Usage: node dist/migrations/migrate.js <up|down|status> [options]

  up                run what is pending, but nothing that is held
  down              take back the last one
  status            list what has run, what is pending, and what is held until legacy is
                    retired: that runs only by its name; changes nothing

  --to NAME         stop after this migration (up), or go back to before it (down)
  --drop-data       let down drop tables that hold rows
  --json            one JSON document instead of lines

The database is the one of DATABASE_URL: sqlite:/absolute/file.db
or mysql://user:password@host:port/database`

interface Report {
  readonly lines: readonly string[]
  readonly document: unknown
}

type Verb = (migrator: Migrator, to: string | undefined) => Promise<Report>

const changed = (word: string, names: readonly string[]): Report => ({
  lines: names.length === 0 ? ['nothing to do'] : names.map((name) => `${word} ${name}`),
  document: { [word]: names },
})

const verbs: Readonly<Record<string, Verb>> = {
  up: async (migrator, to) => changed('migrated', await migrator.up(to)),
  down: async (migrator, to) => changed('reverted', await migrator.down(to)),
  status: async (migrator) => {
    const status = await migrator.status()
    const lines = [
      ...status.executed.map((name) => `executed  ${name}`),
      ...status.pending.map((name) => `pending   ${name}`),
      ...status.held.map(({ name, until }) => `held      ${name} (until ${until})`),
    ]
    return { lines, document: status }
  },
}

interface Asked {
  readonly verb: Verb
  readonly to: string | undefined
  readonly json: boolean
  readonly dropData: boolean
  readonly url: string
}

/** Throws a TypeError for wrong usage. */
const parse = (args: readonly string[], env: MigrateIo['env']): Asked | 'help' => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      json: { type: 'boolean', default: false },
      'drop-data': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const [name = ''] = positionals
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (verb === undefined || positionals.length > 1) {
    throw new TypeError('say one of up, down, status')
  }
  const { DATABASE_URL: url = '' } = env
  if (url === '') throw new TypeError('DATABASE_URL is not set')
  parseDatabaseUrl(url)
  return { verb, to: values.to, json: values.json, dropData: values['drop-data'], url }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

const run = async ({ verb, to, json, dropData, url }: Asked, io: MigrateIo): Promise<number> => {
  const database = openDatabase(url, { create: verb === verbs.up })
  try {
    const { lines, document } = await verb(createMigrator(database, { dropData }), to)
    for (const line of json ? [JSON.stringify(document)] : lines) io.out(line)
    return 0
  } catch (error) {
    const unreachable = describeDatabaseFailure(error, url)
    io.err(unreachable ?? messageOf(error))
    return unreachable === null ? 1 : 3
  } finally {
    await database.close()
  }
}

/** Returns the exit code: 0 done, 1 a migration failed, 2 wrong usage, 3 no way to the database. */
export const migrate = async (args: readonly string[], io: MigrateIo): Promise<number> => {
  try {
    const asked = parse(args, io.env)
    if (asked !== 'help') return await run(asked, io)
    io.out(usage)
    return 0
  } catch (error) {
    io.err(`${messageOf(error)}\n\n${usage}`)
    return 2
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  process.exitCode = await migrate(process.argv.slice(2), {
    env: process.env,
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
  })
}
