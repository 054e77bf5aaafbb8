import assert from 'node:assert/strict'
import { againAfterDeadlock } from './after-deadlock.ts'

const failing = (errno: number, times: number): (() => Promise<number>) => {
  let tries = 0
  return async () => {
    tries++
    if (tries <= times) throw Object.assign(new Error('no'), { parent: { errno } })
    return tries
  }
}

describe('againAfterDeadlock', () => {
  it('runs again what the server ended for the sake of another one', async () => {
    assert.equal(await againAfterDeadlock(failing(1213, 9)), 10)
  })

  it('gives up where that never ends', async () => {
    await assert.rejects(againAfterDeadlock(failing(1213, 10)), /no/)
  })

  it('tries nothing else again', async () => {
    await assert.rejects(againAfterDeadlock(failing(1062, 1)), /no/)
  })
})
