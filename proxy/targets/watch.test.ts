import assert from 'node:assert/strict'
import { createWatch, type Watched } from './watch.ts'

const watched = (look: (nowMs: number) => void): Watched => ({ place: -1, look })

describe('createWatch', () => {
  it('looks until what it looks at is over', async () => {
    const watch = createWatch(1, () => 42)
    const seen: number[] = []
    await new Promise<void>((resolve) => {
      const one = watched((nowMs) => {
        seen.push(nowMs)
        if (seen.length < 3) return
        watch.remove(one)
        resolve()
      })
      watch.add(one)
    })
    await new Promise<void>((resolve) => {
      const after = watched(() => {
        watch.remove(after)
        resolve()
      })
      watch.add(after)
    })
    assert.deepEqual(seen, [42, 42, 42])
  })

  it('looks at each once a round, whoever ends within it', async () => {
    const watch = createWatch(1, () => 0)
    const seen: string[] = []
    const all = ['a', 'b', 'c', 'd'].map((name) =>
      watched(() => {
        seen.push(name)
        for (const [at, each] of all.entries()) if (at % 2 === 1) watch.remove(each)
      }),
    )
    await new Promise<void>((resolve) => {
      all.push(watched(() => all.length > 4 && resolve()))
      for (const each of all) watch.add(each)
    })
    for (const each of all) watch.remove(each)
    assert.deepEqual(seen.slice(0, 3), ['d', 'c', 'a'])
  })

  it('lets what is not watched be removed', () => {
    const watch = createWatch(1_000, () => 0)
    watch.remove(watched(() => {}))
  })
})
