import assert from 'node:assert/strict'
import { createLoggedRequests } from './logged-requests.ts'
import type { LoggedRows } from './transactions.ts'

const file = 'mariadb-bin.000001'

const rowsOf = (bytes: number): LoggedRows => ({
  ...{ map: Buffer.alloc(0), body: Buffer.alloc(bytes) },
  kind: { does: 'insert', version: 1, isCompressed: false },
})

const create = (limitBytes = 100_000) => {
  let now = 0
  const requests = createLoggedRequests({ limitBytes, keepMs: 1_000, now: () => now })
  const add = (request: string, bytes = 100, offset = 4): void =>
    requests.add({
      request,
      start: { file, offset, writtenAt: null },
      rows: [rowsOf(bytes)],
      unread: null,
    })
  const pass = (ms: number): void => {
    now += ms
  }
  return { requests, add, pass }
}

describe('what is kept of the requests in a log', () => {
  it('joins the transactions of a request, and begins where the first does', () => {
    const { requests, add } = create()
    add('a', 100, 10)
    add('b', 100, 20)
    add('a', 100, 30)
    const found = requests.take('a')
    assert.deepEqual([found?.start.offset, found?.rows.length, found?.unread], [10, 2, null])
    assert.equal(requests.take('a'), null)
  })

  it('is forgotten after a while', () => {
    const { requests, add, pass } = create()
    add('old')
    assert.equal(requests.knowsSince(-1), true)
    pass(1_001)
    add('young')
    assert.equal(requests.take('old'), null)
    assert.deepEqual([-1, 1].map(requests.knowsSince), [false, true])
    assert.notEqual(requests.take('young'), null)
    assert.equal(requests.bytes(), 0)
  })

  it('is bounded, and what is left of a request is never taken for all of it', () => {
    const { requests, add } = create(10_000)
    add('first', 6_000)
    add('second', 6_000)
    assert.equal(requests.dropped(), 1)
    add('first', 100)
    const found = requests.take('first')
    assert.deepEqual([found?.rows, found?.unread], [[], 'there was no room to keep it'])
    assert.equal(requests.take('second')?.unread, null)
  })

  it('is bounded in the number of requests, too', () => {
    const { requests, add } = create(10_000)
    for (let n = 0; n < 1_000; n += 1) add(`request-${n}`)
    assert.ok(requests.bytes() <= 10_000)
    assert.equal(requests.knowsSince(-1), false)
    assert.notEqual(requests.take('request-999'), null)
  })

  it('is not kept of a request that changes too much', () => {
    const { requests, add } = create(10_000_000)
    for (let n = 0; n <= 5_000; n += 1) add('export', 1)
    add('export', 1)
    const found = requests.take('export')
    assert.deepEqual([found?.rows, found?.unread], [[], 'it changes more rows than are kept'])
  })
})
