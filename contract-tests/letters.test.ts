/** Handlers whose connections speak in letters of their own, on a snapshot and in a cage: on MariaDB. */
import { deepEqual } from 'node:assert/strict'
import { createCageSession } from '../proxy/shadow/writes/cage-session.ts'
import { createMysqlFacade } from '../proxy/shadow/writes/mysql-facade.ts'
import { loadMysql, type MysqlLink, openLink } from '../proxy/shadow/writes/mysql-link.ts'
import { type MysqlSession, openCapture } from '../proxy/shadow/writes/mysql-session.ts'
import { emptyOverlay } from '../proxy/shadow/writes/overlay.ts'
import { openReading } from '../proxy/shadow/writes/reading-links.ts'
import { linesOf, useCagedStatements } from './caged-statements.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'

const tables = [
  'CREATE TABLE words (id INT PRIMARY KEY, word VARCHAR(20) CHARACTER SET utf8mb4, n INT)',
  "INSERT INTO words VALUES (1, CONVERT(X'e697a5' USING utf8mb4), 0)",
]
const mysql = loadMysql(import.meta.filename)

const enter: Readonly<Record<string, (link: MysqlLink) => Promise<MysqlSession>>> = {
  'on a snapshot': (link) => openCapture(mysql, link),
  'in a cage': (link) => createCageSession(mysql, link, new Map()),
}

/** What a driver is told, what it writes then, and what it is answered. */
const cases: readonly (readonly [string, object, readonly string[], readonly unknown[]])[] = [
  ['by default', {}, ['* words 1,日,7', '+ words 2,é,1'], ['日', 'é']],
  [
    'in latin1, told apart by case',
    { charset: 'latin1_bin' },
    ['* words 1,日,7', '+ words 2,é,0'],
    ['?', 'é'],
  ],
  [
    'in three bytes',
    { charset: 'utf8_general_ci' },
    ['* words 1,日,7', '+ words 2,é,1'],
    ['日', 'é'],
  ],
  [
    'in others than are known',
    { charset: 'gbk_bin' },
    ['* words 1,日,7', '+ words 2,é,1'],
    ['日', 'é'],
  ],
]

describeWith({ mariadb: await probeMariadb() }, 'letters of a connection', () => {
  const lab = useCagedStatements(tables)

  const ask = (session: MysqlSession, config: object) => {
    const facade = createMysqlFacade(mysql, session.answer) as typeof mysql
    const connection = facade.createConnection(config)
    return (sql: string): Promise<unknown> =>
      new Promise((resolve, reject) =>
        connection.query({ sql, rowsAsArray: true }, (error, rows) =>
          error === null ? resolve(rows) : reject(error),
        ),
      )
  }

  for (const [where, open] of Object.entries(enter))
    for (const [what, config, written, answered] of cases)
      it(`are its own ${where}: ${what}`, async () => {
        const opened = await openLink(mysql, lab().address)
        const link = where === 'in a cage' ? opened : await openReading(async () => opened)
        const session = await open(link)
        const run = ask(session, config)
        await run('UPDATE words SET n = 7')
        await run("INSERT INTO words VALUES (2, 'é', 'a' = 'A')")
        deepEqual(
          ((await run('SELECT word FROM words ORDER BY id')) as string[][]).flat(),
          answered,
        )
        const { overlay = emptyOverlay } = (await session.intended?.()) ?? {}
        await session.end()
        deepEqual(linesOf(overlay), written)
        if (!link.isAlive()) return
        deepEqual(await link.ask('SELECT @@character_set_results, @@collation_connection'), [
          ['utf8mb4', 'utf8mb4_unicode_ci'],
        ])
        link.destroy()
      })
})
