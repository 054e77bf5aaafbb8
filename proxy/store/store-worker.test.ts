import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Evidence } from '../cutover/evidence.ts'
import type { Exemplar } from '../shadow/finding.ts'
import { openDatabase } from './open-database.ts'
import { plainEvidence, plainExemplar } from './plain-records.ts'
import { createStoreWorker, type StoreWorker } from './store-worker.ts'

const day = 86_400_000

describe('what the thread of the store does', () => {
  let dir = ''
  let nowMs = 0
  const open: StoreWorker[] = []
  const start = (part: object = {}, mostPages?: number): StoreWorker => {
    const config = {
      url: `sqlite:${join(dir, 'a.db')}`,
      limitBytes: 1e9,
      keepMs: 30 * day,
      ...part,
    }
    const worker = createStoreWorker(
      config,
      () => nowMs,
      mostPages === undefined ? {} : { mostPages },
    )
    open.push(worker)
    return worker
  }
  const write = (worker: StoreWorker, exemplars: Exemplar[], evidence: Evidence[] = []) =>
    worker.handle({ is: 'write', batch: { evidence, exemplars } })
  const ids = async (worker: StoreWorker): Promise<string[]> => {
    const all = (await worker.handle({ is: 'find', query: { limit: 500 } })) as Exemplar[]
    return all.map(({ id }) => id)
  }
  const evidence = async (worker: StoreWorker): Promise<Evidence[]> =>
    (await worker.handle({ is: 'evidence', route: undefined })) as Evidence[]

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'banyan-store-'))
    nowMs = 1_700_000_000_000
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((worker) => worker.close()))
    rmSync(dir, { recursive: true, force: true })
  })

  it('keeps ten exemplars of a kind, the confirmed ones longest, and each kind for itself', async () => {
    const worker = start()
    const many = Array.from({ length: 15 }, (_, at) =>
      plainExemplar({ id: `a${at}`, at: nowMs + at, confirmed: at === 0 }),
    )
    await write(worker, [...many, plainExemplar({ id: 'other', at: nowMs, outcome: 'race' })])
    const kept = await ids(worker)
    assert.equal(kept.length, 11)
    assert.ok(kept.includes('a0') && kept.includes('other') && kept.includes('a14'))
    assert.ok(!kept.includes('a1'))
  })

  it('keeps exchanges of several routes apart, though clients have named them alike', async () => {
    const worker = start()
    const long = 'x'.repeat(200)
    const all = ['a', 'a b', 'a%', long].flatMap((id) =>
      ['one', 'two'].map((route, at) => plainExemplar({ id, route, at: nowMs + at })),
    )
    await write(worker, all)
    await write(worker, all)
    assert.equal((await ids(worker)).length, 8)
    for (const id of ['a', 'a b', 'a%', long]) {
      const get = async (route?: string) =>
        (await worker.handle({ is: 'get', id, route })) as Exemplar | null
      assert.deepEqual([(await get())?.id, (await get())?.route], [id, 'two'])
      assert.equal((await get('one'))?.route, 'one')
      assert.equal(await get('three'), null)
    }
  })

  it('deletes the oldest unconfirmed exemplars beyond its limit of bytes', async () => {
    const worker = start({ limitBytes: 3_000 })
    const routes = Array.from({ length: 9 }, (_, at) =>
      plainExemplar({ id: `r${at}`, route: `r${at}`, at: nowMs + at, confirmed: at === 0 }),
    )
    await write(worker, routes)
    const kept = await ids(worker)
    assert.ok(kept.length > 0 && kept.length < 6, `${kept.length} kept`)
    assert.ok(kept.includes('r0') && kept.includes('r8'))
  })

  it('forgets evidence and exemplars to which nobody adds', async () => {
    const worker = start()
    await write(worker, [plainExemplar({ at: nowMs })], [plainEvidence({ last: nowMs })])
    nowMs += 31 * day
    await write(worker, [], [plainEvidence({ epoch: 'e2', last: nowMs })])
    assert.deepEqual(
      (await evidence(worker)).map(({ epoch }) => epoch),
      ['e2'],
    )
    assert.deepEqual(await ids(worker), [])
  })

  it('makes one of the evidence of instances that are gone, and refuses what comes from one of them', async () => {
    const [gone, living] = [start(), start()]
    const last = nowMs + 8 * day
    const of = (instance: string, part: Partial<Evidence> = {}) =>
      plainEvidence({ instance, last, ...part })
    await write(gone, [], [of('a', { trials: 3 }), of('b', { trials: 4 })])
    nowMs += 8 * day
    await write(living, [], [of('c', { trials: 5 })])
    const all = await evidence(living)
    assert.deepEqual(all.map(({ instance, trials }) => [instance, trials]).sort(), [
      ['a b', 7],
      ['c', 5],
    ])
    assert.equal(await write(gone, [], [of('a', { trials: 9 })]), 1)
    assert.equal((await evidence(living)).length, 2)
  })

  it('says that the disk is full, keeps what it had, and goes on once there is room', async () => {
    const full = start({}, 24)
    const body = { method: 'GET', url: '/', headers: [], body: Buffer.alloc(200_000, 'x') }
    await write(full, [plainExemplar({ id: 'small', at: nowMs })])
    await assert.rejects(write(full, [plainExemplar({ id: 'large', request: body })]), /full/)
    assert.deepEqual(await ids(full), ['small'])
    await write(start(), [plainExemplar({ id: 'large', at: nowMs, request: body })])
    assert.deepEqual((await ids(full)).sort(), ['large', 'small'])
  })

  it('refuses a schema that a newer Banyan wrote, and leaves it as it is', async () => {
    await write(start(), [])
    const database = openDatabase(`sqlite:${join(dir, 'a.db')}`)
    await database.query('INSERT INTO banyan_schema (version) VALUES (99)')
    await database.close()
    const before = statSync(join(dir, 'a.db')).mtimeMs
    await assert.rejects(write(start(), []), /version 99, and this Banyan knows up to \d+/)
    assert.equal(statSync(join(dir, 'a.db')).mtimeMs, before)
  })
})
