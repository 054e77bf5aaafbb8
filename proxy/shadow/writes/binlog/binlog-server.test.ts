import { deepEqual, equal } from 'node:assert/strict'
import { type Answer, startMysqlLab } from '../mysql-lab.ts'
import { quoteText } from '../table-facts.ts'
import { openBinlogServer } from './binlog-server.ts'

const answers = (status: Answer) => (sql: string) => {
  if (sql.startsWith('SELECT VERSION()')) return [['10.11.0-MariaDB', '', '7', 'db:3306:1']]
  if (sql === 'SHOW BINARY LOG STATUS') return new Error('no such statement')
  if (sql === 'SHOW MASTER STATUS') return status
  return []
}

const doubt = (option: string): string => `${option} keeps shop out of the log there: change it`

/** Schemas that the log is of, those that it is not of, and why it says nothing of use. */
const filters: readonly (readonly [string, string, string | null])[] = [
  ['', '', null],
  ['crm,shop', '', null],
  ['crm, Shop', 'shop', null],
  ['crm', '', doubt('binlog_do_db')],
  ['shopping', '', doubt('binlog_do_db')],
  ['', 'crm', null],
  ['', 'crm,SHOP', doubt('binlog_ignore_db')],
]

describe('the server of a binary log', () => {
  for (const [only, never, why] of filters)
    it(`is ${why === null ? 'fit' : 'unfit'} with binlog_do_db '${only}' and binlog_ignore_db '${never}'`, async () => {
      const lab = await startMysqlLab(answers([['a.1', '4', only, never]]))
      const server = await openBinlogServer(lab.address)
      equal(await server.whyNot(), why)
      server.close()
      await lab.close()
    })

  it('is fit where the account may not know what is kept out of the log', async () => {
    const lab = await startMysqlLab(answers(new Error('Access denied')))
    const server = await openBinlogServer(lab.address)
    equal(await server.whyNot(), null)
    server.close()
    await lab.close()
  })

  it('calls times as each zone says, where several ask at once', async () => {
    let zone = ''
    const lab = await startMysqlLab((sql) => {
      zone = /^SET time_zone = (.*)$/.exec(sql)?.[1] ?? zone
      return sql.startsWith('SELECT FROM_UNIXTIME') ? [[`7 in ${zone}`]] : answers(null)(sql)
    })
    const server = await openBinlogServer(lab.address)
    const zones = ['+02:00', 'SYSTEM', "x' OR '"]
    const told = await Promise.all(zones.map((each) => server.termsIn(each).timesOf(['7'])))
    deepEqual(
      told.map((times) => times.get('7')),
      [...zones.slice(0, 2).map(quoteText), 'DEFAULT'].map((each) => `7 in ${each}`),
    )
    server.close()
    await lab.close()
  })
})
