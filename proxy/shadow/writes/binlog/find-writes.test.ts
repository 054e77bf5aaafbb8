import { deepEqual } from 'node:assert/strict'
import { moment } from '../moment.ts'
import { emptyOverlay } from '../overlay.ts'
import type { Intended } from '../report.ts'
import type { BinlogServer } from './binlog-server.ts'
import { createFindWrites } from './find-writes.ts'
import type { LogPosition } from './log-position.ts'

const serverAt = (name: string, end: LogPosition): BinlogServer => ({
  ...{ name, end: async () => end, whyNot: async () => null, isAlive: () => true },
  termsIn: () => {
    throw new Error('nobody asks')
  },
  ...{ forgetFacts() {}, close() {} },
})

const address = { host: '127.0.0.1', port: 1, user: 'u', password: '', database: 'shop' }
const intended: Intended = { overlay: emptyOverlay, server: 'one', zone: '+00:00', snapshot: null }
const end = { file: 'one.000009', offset: 4 }

/** Where the log is expected to be, after a question that waited in vain. */
const expectedAfter = async (servers: readonly BinlogServer[]): Promise<readonly LogPosition[]> => {
  const expected: LogPosition[] = []
  let asked = 0
  const writes = createFindWrites({
    ...{ address, patienceMs: 1, onState() {} },
    follow({ onGap }) {
      queueMicrotask(onGap)
      return {
        server: () => servers[Math.min(asked++, servers.length - 1)] ?? null,
        position: () => ({ file: 'one.000001', offset: 4 }),
        expect: (place) => void expected.push(place),
        close() {},
      }
    },
  })
  await null
  deepEqual(await writes.find({ request: 'r', since: moment(), intended }), {
    ...{ is: 'unread', isLate: null },
    why: 'the log is read too slowly, or comes too late',
  })
  writes.close()
  return expected
}

describe('a question that waits in vain for the binary log', () => {
  it('says up to where it should have been read', async () => {
    deepEqual(await expectedAfter([serverAt('one', end)]), [end])
  })

  it('says nothing of a log that was opened meanwhile', async () => {
    const other = serverAt('two', { file: 'two.000001', offset: 4 })
    deepEqual(await expectedAfter([serverAt('one', end), other]), [])
  })
})
