import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStore } from './create-store.ts'
import { plainEvidence, plainExemplar } from './plain-records.ts'
import type { Store } from './store.ts'
import type { CountWrites } from './write-behind.ts'

const silent = { info: () => {}, warn: () => {} }

describe('the store', () => {
  let dir = ''
  const open: Store[] = []
  /** Its thread runs: a close waits two seconds for what is queued, and no longer. */
  const warmStore = async (): Promise<Store> => {
    const store = openStore()
    await store.readEvidence()
    return store
  }
  const openStore = (file = 'banyan.db', count: CountWrites = () => {}): Store => {
    const config = { url: `sqlite:${join(dir, file)}`, limitBytes: 1 << 28, keepMs: 1e12 }
    const store = createStore(config, { log: silent, count })
    open.push(store)
    return store
  }
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'banyan-store-'))
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()))
    rmSync(dir, { recursive: true, force: true })
  })

  it('gives back what was written before a restart', async () => {
    const first = await warmStore()
    const exemplar = plainExemplar({ at: Date.now() })
    first.putEvidence(plainEvidence({ last: Date.now() }))
    first.putExemplar(exemplar)
    await first.close()
    const second = openStore()
    const [evidence] = await second.readEvidence()
    assert.deepEqual(evidence?.outcomes, { identical: 3, mismatch: 1 })
    assert.deepEqual(await second.getExemplar('request-1'), exemplar)
    assert.equal(await second.getExemplar('another'), null)
    assert.equal(statSync(join(dir, 'banyan.db')).mode & 0o777, 0o600)
  })

  it('keeps the evidence of two instances apart, and the newest of each', async () => {
    const [a, b] = [await warmStore(), await warmStore()]
    const last = Date.now()
    for (const trials of [1, 2, 3]) {
      a.putEvidence(plainEvidence({ instance: 'a', trials, last }))
      b.putEvidence(plainEvidence({ instance: 'b', trials: trials * 10, last }))
    }
    await Promise.all([a.close(), b.close()])
    const all = await openStore().readEvidence('articles.list')
    assert.deepEqual(all.map(({ instance, trials }) => [instance, trials]).sort(), [
      ['a', 3],
      ['b', 30],
    ])
  })

  it('finds exemplars by route, outcome and place, the newest first', async () => {
    const store = await warmStore()
    const at = Date.now()
    store.putExemplar(plainExemplar({ id: 'a', at }))
    store.putExemplar(plainExemplar({ id: 'b', at: at + 1 }))
    store.putExemplar(plainExemplar({ id: 'c', at: at + 2, outcome: 'race' }))
    store.putExemplar(plainExemplar({ id: 'd', at: at + 3, comparison: null }))
    await store.close()
    const read = openStore()
    const ids = async (query: Parameters<Store['findExemplars']>[0]) =>
      (await read.findExemplars(query)).map(({ id }) => id)
    assert.deepEqual(await ids({}), ['d', 'c', 'b', 'a'])
    assert.deepEqual(await ids({ outcome: 'mismatch', limit: 2 }), ['d', 'b'])
    assert.deepEqual(await ids({ pattern: '/articles/*/id', outcome: 'mismatch' }), ['b', 'a'])
    assert.deepEqual(await ids({ route: 'another' }), [])
  })

  it('says why it cannot be used, and changes nothing in a file that is no database', async () => {
    const file = join(dir, 'broken.db')
    writeFileSync(file, 'this is no database, however long one looks at it'.repeat(40))
    const before = readFileSync(file)
    const counted: Record<string, number> = {}
    const store = openStore('broken.db', (result, items) => {
      counted[result] = (counted[result] ?? 0) + items
    })
    store.putEvidence(plainEvidence())
    await assert.rejects(store.readEvidence(), /cannot be read: .*not a database/)
    assert.match(store.status().problem ?? '', /not a database/)
    await store.close()
    assert.deepEqual(counted, { failed: 1, dropped: 1 })
    assert.equal(store.status().dropped, 1)
    assert.deepEqual(readFileSync(file), before)
  })

  it('says so when the file may only be read', async function () {
    if (process.getuid?.() === 0) return this.skip()
    const file = join(dir, 'fixed.db')
    writeFileSync(file, '', { mode: 0o400 })
    chmodSync(file, 0o400)
    const store = openStore('fixed.db')
    store.putExemplar(plainExemplar())
    await store.close()
    assert.match(store.status().problem ?? '', /EACCES|readonly/)
  })
})
