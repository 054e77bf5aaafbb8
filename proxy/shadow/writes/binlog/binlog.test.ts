import assert from 'node:assert/strict'
import { createBinlog } from './binlog.ts'

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
})
