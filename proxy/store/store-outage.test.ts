import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createStore } from './create-store.ts'
import { plainEvidence, plainExemplar } from './plain-records.ts'
import type { StoreLink } from './store-link.ts'
import type { Batch, StoreCall } from './store-worker.ts'
import type { WriteResult } from './write-behind.ts'

/** A link of which each call hangs until the test settles it. */
const createScriptedLink = () => {
  type Call = { call: StoreCall; resolve(value: unknown): void; reject(error: Error): void }
  const calls: Call[] = []
  const all: Call[] = []
  let heard = (): void => {}
  const link: StoreLink = {
    call: (call) =>
      new Promise((resolve, reject) => {
        const one = { call, resolve, reject }
        calls.push(one)
        all.push(one)
        heard()
      }),
    close: async () => {
      for (const { reject } of all) reject(new Error('the thread of the store ended'))
    },
  }
  const nextCall = async () => {
    while (calls.length === 0)
      await new Promise<void>((resolve) => {
        heard = resolve
      })
    return calls.shift()!
  }
  return { link, nextCall }
}

const batchOf = (call: StoreCall): Batch => {
  assert.equal(call.is, 'write')
  return (call as StoreCall & { is: 'write' }).batch
}

const limits = { evidence: 3, exemplars: 2, bytes: 1e6, batchBytes: 1e6, batchEvidence: 10 }

const openScripted = () => {
  const { link, nextCall } = createScriptedLink()
  const counted: Record<WriteResult, number> = { written: 0, failed: 0, dropped: 0 }
  const said: string[] = []
  const say = (event: string): void => void said.push(event)
  const store = createStore(
    { url: 'mysql://ban:secret@db.example/banyan', limitBytes: 1, keepMs: 1 },
    {
      link,
      limits,
      pace: { flushAfter: 20, retryAfter: 20, closeWithin: 200 },
      log: { info: say, warn: say },
      count: (result, items) => {
        counted[result] += items
      },
    },
  )
  return { store, nextCall, counted, said }
}

describe('a store that is slow or away', () => {
  it('drops the newest exemplars and the oldest evidence, counted, and shows no password', async () => {
    const { store, counted } = openScripted()
    for (let at = 0; at < 5; at++) {
      store.putExemplar(plainExemplar({ id: `x${at}` }))
      store.putEvidence(plainEvidence({ epoch: `e${at}` }))
    }
    assert.deepEqual(counted, { written: 0, failed: 0, dropped: 5 })
    assert.equal(store.status().url, 'mysql://…@db.example/banyan')
    assert.equal(store.status().dropped, 5)
  })

  it('writes the newest evidence once, tries again after a failure, and says each change once', async () => {
    const { store, nextCall, counted, said } = openScripted()
    for (const trials of [1, 2, 3]) store.putEvidence(plainEvidence({ trials }))
    const first = await nextCall()
    assert.deepEqual(
      batchOf(first.call).evidence.map(({ trials }) => trials),
      [3],
    )
    store.putEvidence(plainEvidence({ trials: 4 }))
    first.reject(new Error('gone away'))
    const second = await nextCall()
    assert.deepEqual(
      batchOf(second.call).evidence.map(({ trials }) => trials),
      [4],
    )
    assert.equal(store.status().problem, 'gone away')
    second.resolve(0)
    await store.close()
    assert.deepEqual(said, ['store_away', 'store_back'])
    assert.deepEqual(counted, { written: 1, failed: 1, dropped: 0 })
    assert.equal(store.status().problem, null)
  })

  it('is waited for once while it hangs, and is read again when it is back', async () => {
    const { store, nextCall, said } = openScripted()
    const first = store.readEvidence()
    const lost = await nextCall()
    lost.reject(new Error('it hangs'))
    await assert.rejects(first, /cannot be read: it hangs/)
    // Tries whether it is back, and is not waited for.
    await assert.rejects(store.readEvidence(), /cannot be read: it hangs/)
    await assert.rejects(store.getExemplar('a'), /cannot be read: it hangs/)
    await assert.rejects(store.findExemplars({}), /cannot be read: it hangs/)
    const tried = await nextCall()
    assert.equal(tried.call.is, 'evidence')
    tried.resolve([])
    while (store.status().problem !== null) await turn()
    const found = store.findExemplars({})
    const next = await nextCall()
    assert.equal(next.call.is, 'find')
    next.resolve([])
    assert.deepEqual(await found, [])
    assert.deepEqual(said, ['store_away', 'store_back'])
  })

  it('is read by several at once while only writing fails', async () => {
    const { store, nextCall } = openScripted()
    store.putEvidence(plainEvidence())
    const write = await nextCall()
    write.reject(new Error('the disk is full'))
    await turn()
    assert.equal(store.status().problem, 'the disk is full')
    const both = [store.findExemplars({}), store.getExemplar('a')]
    for (let reads = 0; reads < both.length; ) {
      const { call, resolve } = await nextCall()
      if (call.is === 'write') continue
      resolve(null)
      reads += 1
    }
    assert.deepEqual(await Promise.all(both), [null, null])
  })

  it('is given the usual time to be read in while only writing fails', async () => {
    const { store, nextCall } = openScripted()
    store.putEvidence(plainEvidence())
    const write = await nextCall()
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      write.reject(new Error('the disk is full'))
      await turn()
      const found = store.findExemplars({})
      const read = await nextCall()
      mock.timers.tick(5_000)
      await turn()
      read.resolve([])
      assert.deepEqual(await found, [])
    } finally {
      mock.timers.reset()
    }
  })

  it('ends within its time though the store hangs, and counts what is lost', async () => {
    const { store, nextCall, counted } = openScripted()
    store.putEvidence(plainEvidence())
    await nextCall()
    const begun = performance.now()
    store.putExemplar(plainExemplar())
    await store.close()
    assert.ok(performance.now() - begun < 9_000)
    store.putEvidence(plainEvidence())
    assert.ok(counted.dropped >= 2)
  })

  it('never rejects, whatever is put', async () => {
    const { store } = openScripted()
    const failure = {
      code: 'proxy_internal_error',
      party: 'modern',
      effect: 'none',
      detail: '',
    } as const
    const odd = plainExemplar()
    store.putExemplar({
      ...odd,
      legacy: { ...odd.legacy!, failure: { ...failure, cause: () => {} } },
    })
    assert.equal(store.status().dropped, 0)
  })

  it('loses nothing that was written when its process is killed in the middle', async function () {
    this.timeout(30_000)
    const dir = mkdtempSync(join(tmpdir(), 'banyan-store-'))
    const url = `sqlite:${join(dir, 'banyan.db')}`
    try {
      const child = fork(new URL('./plain-writer.js', import.meta.url), [url])
      for (let told = 0; told < 3; told++) await once(child, 'message')
      child.kill('SIGKILL')
      await once(child, 'exit')
      const store = createStore(
        { url, limitBytes: 1e9, keepMs: 1e13 },
        { log: { info: () => {}, warn: () => {} }, count: () => {} },
      )
      const [evidence] = await store.readEvidence()
      assert.ok((evidence?.trials ?? 0) >= 3)
      store.putEvidence(plainEvidence({ instance: 'after' }))
      await store.close()
      assert.equal(store.status().problem, null)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
