import assert from 'node:assert/strict'
import { createRecentAnswers } from './recent-answers.ts'

const line = (requestId: string): string =>
  `${JSON.stringify({ event: 'request', requestId, path: `/${requestId}` })}\n`

describe('the recent answers', () => {
  it('gives what was not there before, and remembers the last ones', () => {
    const recent = createRecentAnswers(3)
    const told = (tail: string): string[] => recent.read(tail).map(({ requestId }) => requestId)
    assert.deepEqual(told(line('a') + line('b')), ['a', 'b'])
    assert.deepEqual(told(line('a') + line('b')), [])
    assert.deepEqual(told(line('b') + line('c') + line('d')), ['c', 'd'])
    assert.deepEqual(told('out of the tail'), [])
    assert.deepEqual(told(line('e')), ['e'])
    assert.deepEqual(
      recent.last().map(({ path }) => path),
      ['/c', '/d', '/e'],
    )
  })

  it('leaves out the sample traffic, other events, and what is cut', () => {
    const recent = createRecentAnswers(9)
    const tail = `t","requestId":"x"}\n${line('sample-1')}{"event":"listening"}\n${line('a')}{"ev`
    assert.equal(recent.read(tail).length, 1)
  })
})
