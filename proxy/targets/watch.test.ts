import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { createWatch } from './watch.ts'

describe('createWatch', () => {
  it('looks until what it looks at is over', async () => {
    const watch = createWatch(1, () => 42)
    const seen: number[] = []
    await new Promise<void>((resolve) => {
      const look = (nowMs: number): void => {
        seen.push(nowMs)
        if (seen.length < 3) return
        watch.remove(look)
        resolve()
      }
      watch.add(look)
    })
    await wait(5)
    assert.deepEqual(seen, [42, 42, 42])
  })

  it('looks again at what comes after everything was over', async () => {
    const watch = createWatch(1, () => 0)
    const once = (): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          watch.remove(look)
          resolve()
        }
        watch.add(look)
      })
    await once()
    await wait(5)
    await once()
  })
})
