import assert from 'node:assert/strict'
import type { CompareTask } from './compare-task.ts'
import { type Comparer, type ComparerOptions, createComparer } from './comparer.ts'

/** A thread of its own making: what it does with a task stands where `…` is. */
const thread = (deed: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads'
      parentPort.on('message', ({ task }) => { ${deed} })
      parentPort.postMessage({ is: 'ready' })
    `)}`,
  )

const result = `parentPort.postMessage({ is: 'done', result: task.sample })`
const task = (sample: unknown): CompareTask => ({ sample }) as CompareTask

describe('createComparer', () => {
  let comparer: Comparer
  const warned: unknown[] = []
  const create = (script: URL, changes: Partial<ComparerOptions> = {}): Comparer => {
    comparer = createComparer({
      ...{ key: new Uint8Array(32), names: [], level: 'none', heapMb: 64, deadlineMs: 500 },
      log: { warn: (event, fields) => void warned.push([event, fields?.why]) },
      script,
      ...changes,
    })
    return comparer
  }
  beforeEach(() => void warned.splice(0))
  afterEach(() => comparer.close())

  it('does one task after the other', async () => {
    const { compare } = create(thread(result))
    const all = await Promise.all(['a', 'b', 'c'].map((each) => compare(task(each))))
    assert.deepEqual(all, ['a', 'b', 'c'])
    assert.equal(comparer.waiting(), 0)
  })

  it('ends a thread that overruns, and does the next task with another one', async () => {
    const { compare } = create(thread(`if (task.sample === 'spin') for (;;); ${result}`))
    const all = ['a', 'spin', 'b'].map((each) => compare(task(each)))
    assert.deepEqual(await Promise.all(all), ['a', 'compare_timeout', 'b'])
    assert.deepEqual(warned, [['comparer_lost', 'compare_timeout']])
  })

  for (const deed of [
    'throw new Error("no")',
    'process.exit(1)',
    'const all = []; for (;;) all.push({})',
  ]) {
    it(`outlives a thread that does this: ${deed}`, async () => {
      const { compare } = create(thread(`if (task.sample === 'die') { ${deed} } ${result}`), {
        deadlineMs: 20_000,
      })
      const all = ['die', 'b'].map((each) => compare(task(each)))
      assert.deepEqual(await Promise.all(all), ['compare_failed', 'b'])
    })
  }

  it('fails what cannot cross to a thread, and nothing else', async () => {
    const { compare } = create(thread(result))
    const all = [() => {}, 'b'].map((each) => compare(task(each)))
    assert.deepEqual(await Promise.all(all), ['compare_failed', 'b'])
  })

  it('fails what is left when it closes', async () => {
    const { compare, close } = create(thread('for (;;);'), { deadlineMs: 60_000 })
    const all = ['a', 'b'].map((each) => compare(task(each)))
    await close()
    assert.deepEqual(await Promise.all(all), ['compare_failed', 'compare_failed'])
    assert.equal(await compare(task('c')), 'compare_failed')
  })
})
