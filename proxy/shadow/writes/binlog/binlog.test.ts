import assert from 'node:assert/strict'
import { createBinlog } from './binlog.ts'
import type { FromBinlog } from './binlog-messages.ts'

const address = { host: '127.0.0.1', port: 1, user: 'a', password: 'b', database: 'c' }

describe('the binary log on the main thread', () => {
  it('says so, and nothing worse, where no thread can be started', async () => {
    const said: unknown[] = []
    const log = { info: () => {}, warn: (...given: unknown[]) => void said.push(given) }
    const startThread = (): never => {
      throw new Error('no threads are left')
    }
    const binlog = createBinlog({ address, log, startThread })
    binlog.want(true)
    assert.equal(binlog.isReading(), false)
    assert.deepEqual(said, [['binlog_unread', { detail: 'no threads are left' }]])
    const intended = { overlay: new Map(), server: '', zone: '', snapshot: null }
    assert.equal((await binlog.find({ request: 'r', since: 0, intended })).is, 'unread')
    await binlog.close()
  })

  it('says how it is read, up to where, and since when; and nothing while nobody wants it', async () => {
    let [tell, now] = [(_: FromBinlog): void => {}, 0]
    const binlog = createBinlog({
      ...{ address, log: { info: () => {}, warn: () => {} }, wallNow: () => now },
      startThread(_, { heard }) {
        tell = heard
        return { post: () => {}, end: async () => {} }
      },
    })
    const told = (): string => {
      const { state, since, position, why } = binlog.status() ?? assert.fail()
      return [state, Date.parse(since), position?.offset, why].join()
    }
    const state = (isBehind: boolean): void =>
      tell({ is: 'state', state: { is: 'reading', server: 'db', isBehind } })
    const off = (why: string): void => tell({ is: 'state', state: { is: 'off', why } })
    assert.equal(binlog.status(), null)
    binlog.want(true)
    assert.equal(told(), 'starting,0,,')
    now = 1
    state(true)
    assert.deepEqual([told(), binlog.isReading()], ['catchingUp,1,,', true])
    now = 2
    tell({ is: 'at', position: { file: 'bin.000001', offset: 44 } })
    state(false)
    assert.equal(told(), 'following,2,44,')
    now = 3
    off('one')
    now = 4
    off('another')
    assert.deepEqual([told(), binlog.isReading()], ['failed,3,44,another', false])
    assert.equal(binlog.status()?.server, '127.0.0.1:1')
    binlog.want(false)
    assert.equal(binlog.status(), null)
    await binlog.close()
  })
})
