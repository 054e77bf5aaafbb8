import { deepEqual, equal, rejects } from 'node:assert/strict'
import { type Answer, startMysqlLab } from './mysql-lab.ts'
import { loadMysql, type MysqlLink, openLink } from './mysql-link.ts'

const silenceMs = 1_000
const mysql = loadMysql(import.meta.filename)

const ordinary = (sql: string): Answer =>
  sql.startsWith('SELECT VERSION()') ? [['10.11.0-MariaDB', '', '7', 'db:3306:1']] : []

describe('a connection to MariaDB', () => {
  const open = async (
    answerTo: (sql: string) => Answer,
    ask: (link: () => Promise<MysqlLink>) => Promise<void>,
  ): Promise<void> => {
    const lab = await startMysqlLab(answerTo)
    try {
      await ask(() => openLink(mysql, lab.address, silenceMs))
    } finally {
      await lab.close()
    }
  }

  it('tells what its server is', () =>
    open(ordinary, async (link) => {
      const { isMariadb, id, server, destroy } = await link()
      deepEqual([isMariadb, id, server], [true, 7, 'db:3306:1'])
      destroy()
    }))

  it('is not opened where the server falls silent after the login', () =>
    open(
      () => null,
      (link) => rejects(link(), /the connection is gone/),
    ))

  it('is gone once the server answers nothing any more', () =>
    open(
      (sql) => (sql === 'SELECT 1' ? null : ordinary(sql)),
      async (opened) => {
        const link = await opened()
        await rejects(link.ask('SELECT 1'), /the connection is gone/)
        equal(link.isAlive(), false)
      },
    ))

  it('tells all who wait when it is destroyed', () =>
    open(
      (sql) => (sql.startsWith('SELECT 1') ? null : ordinary(sql)),
      async (opened) => {
        const link = await opened()
        const asked = ['SELECT 1', 'SELECT 1 + 1'].map((sql) => rejects(link.ask(sql), /is gone/))
        link.destroy()
        await Promise.all(asked)
      },
    ))
})
