import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStore } from '../proxy/store/create-store.ts'
import { plainEvidence, plainExemplar } from '../proxy/store/plain-records.ts'
import type { Store } from '../proxy/store/store.ts'
import { createStoreWorker, type StoreWorker } from '../proxy/store/store-worker.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'
import { type SqlServer, startSqlServer } from './lab/sql-server.ts'

const mariadb = await probeMariadb()

/** A server is away for as long as it takes to start it. */
const pace = { flushAfter: 50, retryAfter: 50, closeWithin: 2_000 }

describeWith({ mariadb }, 'the store of a fleet on MariaDB', function (this: Mocha.Suite) {
  this.timeout(120_000)
  let dir = ''
  let server: SqlServer | null = null
  const open: (Store | StoreWorker)[] = []
  const config = () => ({ url: server?.url ?? '', limitBytes: 1e9, keepMs: 1e13 })
  const openStore = (told: (event: string) => void = () => {}): Store => {
    const log = { info: told, warn: told }
    const store = createStore(config(), { log, count: () => {}, pace })
    open.push(store)
    return store
  }
  const startWorker = (): StoreWorker => {
    const worker = createStoreWorker(config(), Date.now)
    open.push(worker)
    return worker
  }
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'banyan-fleet-'))
    server = await startSqlServer(dir)
  })
  after(async () => {
    await Promise.all(open.map((each) => each.close()))
    await server?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('makes its tables once, however many instances start at once, and keeps what each says', async () => {
    const workers = [startWorker(), startWorker(), startWorker()]
    await Promise.all(
      workers.map((worker, at) => {
        const evidence = [plainEvidence({ instance: `i${at}`, trials: at, last: Date.now() })]
        const exemplars = [plainExemplar({ id: `x${at}`, at: Date.now() + at })]
        return worker.handle({ is: 'write', batch: { evidence, exemplars } })
      }),
    )
    const store = openStore()
    const all = await store.readEvidence('articles.list')
    assert.deepEqual(all.map(({ instance }) => instance).sort(), ['i0', 'i1', 'i2'])
    const found = await store.findExemplars({ pattern: '/articles/*/id' })
    assert.deepEqual(
      found.map(({ id }) => id),
      ['x2', 'x1', 'x0'],
    )
    const { legacy } = plainExemplar()
    assert.deepEqual((await store.getExemplar('x1'))?.legacy, legacy)
  })

  it('tells apart what differs in case, and keeps every character', async () => {
    const worker = startWorker()
    const url = '/é?🌳=\\\'"%_\u0000'
    const request = { method: 'GET', url, headers: [], body: null }
    const exemplars = ['Case', 'case'].map((id) =>
      plainExemplar({ id, route: id, at: Date.now(), request }),
    )
    await worker.handle({ is: 'write', batch: { evidence: [], exemplars } })
    const store = openStore()
    assert.equal((await store.findExemplars({ route: 'Case' })).length, 1)
    assert.equal((await store.getExemplar('Case'))?.route, 'Case')
    assert.deepEqual((await store.getExemplar('case'))?.request, request)
  })

  it('says that the server is away, and writes what waited when it is back', async () => {
    let heard = (_: string): void => {}
    const said = (wanted: string): Promise<void> =>
      new Promise((resolve) => {
        heard = (event) => {
          if (event === wanted) resolve()
        }
      })
    const store = openStore((event) => heard(event))
    await store.readEvidence()
    await server?.kill()
    const away = said('store_away')
    store.putEvidence(plainEvidence({ instance: 'patient', last: Date.now() }))
    await away
    assert.match(store.status().problem ?? '', /ECONNREFUSED|ECONNRESET|lost|closed|gone/i)
    const back = said('store_back')
    await server?.restart()
    await back
    const all = await store.readEvidence()
    assert.ok(all.some(({ instance }) => instance === 'patient'))
    assert.equal(store.status().dropped, 0)
  })
})
