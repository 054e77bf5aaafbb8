/** A database with everything in it by which a write could leak, and a look at all of it. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QueryTypes, type Sequelize } from 'sequelize'
import { openDatabase } from '../migrations/open-database.ts'
import { checksum } from './lab/checksum.ts'
import { startDatabase } from './lab/database.ts'
import { isMysqlAsked } from './lab/native.ts'
import { prepareDatabase } from './lab/seed.ts'

export interface LeakLab {
  readonly url: string
  /** One hash of the data, the schema, and what a table outside of transactions holds. */
  look(): Promise<string>
  close(): Promise<void>
}

const traps = [
  'CREATE TABLE lasting (v VARCHAR(50)) ENGINE = MyISAM',
  "CREATE PROCEDURE leak() BEGIN INSERT INTO tags (name) VALUES ('leak'); COMMIT; END",
  "CREATE FUNCTION leaked() RETURNS INT BEGIN INSERT INTO lasting (v) VALUES ('leak'); RETURN 1; END",
  "CREATE FUNCTION writing() RETURNS INT BEGIN INSERT INTO tags (name) VALUES ('leak'); RETURN 1; END",
]

/** MySQL has none. */
const counting = isMysqlAsked()
  ? []
  : [
      'CREATE SEQUENCE numbers',
      'CREATE TABLE counted (id BIGINT DEFAULT NEXTVAL(numbers) PRIMARY KEY, v INT)',
    ]
const counted = isMysqlAsked() ? [] : ['SELECT next_not_cached_value FROM numbers']

const schema =
  'SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1, 2'

const lookAt = async (database: Sequelize): Promise<string> => {
  const hash = createHash('sha256').update(await checksum(database))
  for (const sql of [
    schema,
    'SELECT * FROM lasting',
    'SELECT id FROM tags ORDER BY id',
    'XA RECOVER',
    ...counted,
  ])
    hash.update(JSON.stringify(await database.query(sql, { type: QueryTypes.SELECT })))
  return hash.digest('hex')
}

export const startLeakLab = async (): Promise<LeakLab> => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-leak-'))
  const database = await startDatabase({ form: 'mariadb', dir })
  await prepareDatabase(database.url, { users: 4, articles: 8 })
  const direct = openDatabase(database.url)
  for (const sql of [...traps, ...counting]) await direct.query(sql)
  return {
    url: database.url,
    look: () => lookAt(direct),
    async close() {
      await direct.close()
      await database.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
