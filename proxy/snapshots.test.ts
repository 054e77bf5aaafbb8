import { deepEqual, equal, throws } from 'node:assert/strict'
import { deferred } from './edge/edge-lab.ts'
import type { Engine } from './serve.ts'
import { createSnapshots } from './snapshots.ts'

const engine = (revision: string): Engine => ({ revision }) as Engine

describe('createSnapshots', () => {
  it('has no engine before the first one is put in force', () => {
    throws(() => createSnapshots().current(), /no config is in force yet/)
  })

  it('releases a snapshot once the requests that began with it are over', async () => {
    const released: string[] = []
    const { use, track, current, inFlight } = createSnapshots()
    const held = deferred<void>()
    const run = track(async (wait: Promise<void> | null) => wait ?? undefined)
    use(engine('1'), () => {})
    const slow = run(held.promise)
    use(engine('2'), () => released.push('of 1'))
    equal(current().revision, '2')
    await run(null)
    deepEqual([released, inFlight()], [[], 1])
    held.resolve()
    await slow
    deepEqual([released, inFlight()], [['of 1'], 0])
  })

  it('releases an idle snapshot only after the busy ones before it', async () => {
    const released: string[] = []
    const { use, track } = createSnapshots()
    const held = deferred<void>()
    use(engine('1'), () => {})
    const slow = track(() => held.promise)(null)
    use(engine('2'), () => released.push('of 1'))
    use(engine('3'), () => released.push('of 2'))
    deepEqual(released, [])
    held.resolve()
    await slow
    deepEqual(released, ['of 1', 'of 2'])
  })

  it('counts a request that throws as over', async () => {
    const { use, track, inFlight } = createSnapshots()
    use(engine('1'), () => {})
    await track(() => Promise.reject(new Error('no')))(null).catch(() => {})
    equal(inFlight(), 0)
  })

  it('releases everything when it closes', () => {
    const released: string[] = []
    const { use, track, close } = createSnapshots()
    use(engine('1'), () => {})
    void track(() => new Promise<void>(() => {}))(null)
    use(engine('2'), () => released.push('of 1'))
    close()
    deepEqual(released, ['of 1'])
  })
})
