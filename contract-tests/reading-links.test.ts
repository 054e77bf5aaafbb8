/** Whatever gets past the reading of a statement is stopped by the connection itself. */
import { equal } from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { loadMysql, type MysqlLink, openLink } from '../proxy/shadow/writes/mysql-link.ts'
import { openReading } from '../proxy/shadow/writes/reading-links.ts'
import { parseStoreUrl } from '../proxy/store/store-url.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'
import { leakingStatements } from './leaking.ts'
import { type LeakLab, startLeakLab } from './write-leak-lab.ts'

const after_ = [
  "INSERT INTO tags (name) VALUES ('leak')",
  'COMMIT',
  'CREATE TABLE leak (a INT)',
  "INSERT INTO lasting (v) VALUES ('leak')",
  "UPDATE articles SET title = 'leak'",
  'DROP TABLE comments',
]

describeWith({ mariadb: await probeMariadb() }, 'a connection that only reads', () => {
  let lab: LeakLab
  before(async function () {
    this.timeout(90_000)
    lab = await startLeakLab()
  })
  after(async function () {
    this.timeout(60_000)
    await lab?.close()
  })

  const open = async (): Promise<MysqlLink> => {
    const address = parseStoreUrl(lab.url)
    if (address?.form !== 'mysql') throw new TypeError('it is on MariaDB')
    const mysql = loadMysql(fileURLToPath(new URL('../routes/app.js', import.meta.url)))
    return openReading(() => openLink(mysql, address))
  }

  it('writes nothing, whatever it is sent but the words that let it write', async () => {
    const before = await lab.look()
    const given = leakingStatements.filter((sql) => !sql.includes('READ WRITE'))
    for (const [n, sql] of given.entries()) {
      const link = await open()
      await link.ask('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
      for (const each of [sql.replaceAll('#', String(700_000 + n)), ...after_])
        await link.ask(each).catch(() => {})
      link.destroy()
      equal(await lab.look(), before, sql)
    }
  }).timeout(60_000)
})
