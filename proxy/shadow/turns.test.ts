import assert from 'node:assert/strict'
import { createTurns } from './turns.ts'

describe('createTurns', () => {
  it('lets in so many at once, then each as another one leaves, in their order', async () => {
    const { enter, leave, running } = createTurns()
    const order: string[] = []
    const come = async (name: string, isUrgent = false): Promise<void> => {
      if (await enter('legacy', 1, isUrgent)) order.push(name)
    }
    await come('a')
    const waiting = [come('b'), come('c'), come('urgent', true)]
    assert.deepEqual([order, running()], [['a'], 1])
    for (let at = 0; at < 3; at += 1) {
      leave('legacy')
      await Promise.resolve()
    }
    await Promise.all(waiting)
    assert.deepEqual([order, running()], [['a', 'urgent', 'b', 'c'], 1])
    leave('legacy')
    assert.equal(running(), 0)
  })

  it('keeps nobody waiting for another target', async () => {
    const { enter } = createTurns()
    assert.ok(await enter('legacy', 1, false))
    assert.ok(await enter('modern', 1, false))
  })

  it('sends everybody home when it closes', async () => {
    const { enter, close } = createTurns()
    await enter('legacy', 1, false)
    const waiting = enter('legacy', 1, false)
    close()
    assert.deepEqual([await waiting, await enter('modern', 1, false)], [false, false])
  })
})
