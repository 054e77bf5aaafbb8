/** From a client's request to a verdict that outlives the process: the command, real sockets, a real store. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EvidenceWorld, startEvidenceWorld } from './evidence-world.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'

const paths = (route: string, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, at) => `/${route}/${from + at}`)

interface StoreOfTest {
  readonly url: string
  close(): Promise<void>
}

const suite = (openStore: (dir: string) => Promise<StoreOfTest>) =>
  function (this: Mocha.Suite) {
    this.timeout(120_000)
    const dir = mkdtempSync(join(tmpdir(), 'banyan-evidence-'))
    let store: StoreOfTest
    let world: EvidenceWorld
    let id = ''

    before(async () => {
      store = await openStore(dir)
      world = await startEvidenceWorld(dir, store.url)
    })
    after(async () => {
      await world?.close()
      await store?.close()
      rmSync(dir, { recursive: true, force: true })
    })
    const command = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await world.banyan().command(...args)
      assert.equal(code, 0, stderr)
      return stdout
    }
    const assertCounted = async (): Promise<void> => {
      const goods = await world.evidence('goods', 30)
      const prices = await world.evidence('prices', 4)
      assert.deepEqual(goods.outcomes, { identical: 30 })
      assert.deepEqual([prices.outcomes, prices.confirmed], [{ mismatch: 4 }, 4])
      const parity = [goods, prices].map(({ gates }) => gates[0]?.verdict)
      assert.deepEqual(parity, ['pass', 'fail'])
    }

    it('tells of every shadowed route whether it is proven, and where it is wrong', async () => {
      await world.ask([
        ...paths('goods', 0, 30),
        ...paths('prices', 0, 4),
        ...paths('clocks', 0, 5),
      ])
      await assertCounted()
      await world.evidence('clocks', 5)
      const status = await command('status')
      assert.match(status, /^goods +parity +pass +0 of 30 different requests were bad/m)
      assert.match(status, /^prices +parity +fail +4 confirmed mismatches/m)
      const { places } = await world.diffs('prices')
      assert.deepEqual(
        places.map((place) => [place.pattern, place.kind, place.count, place.confirmed]),
        [['/price', 'value', 4, true]],
      )
      id = places[0]?.example?.id ?? ''
      assert.match(await command('diffs', 'prices'), /price +4 +value +major +confirmed +1 +2/)
      const metrics = await (await fetch(`${world.banyan().adminUrl}/metrics`)).text()
      const counted =
        /^banyan_comparisons_total\{(?=.*"prices")(?=.*"modern")(?=.*"mismatch").*\} 4$/m
      assert.match(metrics, counted)
    })

    it('says all of it again after a restart: counts, exchanges, what legacy shows against itself', async () => {
      await world.restart()
      await assertCounted()
      assert.equal((await world.diffs('prices')).places[0]?.example?.id, id)
      assert.match(await command('show', id), /^\/price +value +major +1 +2$/m)
      assert.match(await command('curl', id), /^curl [\s\S]*\/prices\/\d'$/m)
      assert.match(await command('suggest-rules', 'clocks'), /"ignore": ?"\/at"|ignore: "\/at"/)
    })

    it('goes on counting where it left off, each request three times at most', async () => {
      await world.ask([...paths('goods', 25, 35), '/goods/1', '/goods/1', '/goods/1'])
      const { instances, trials, bad } = await world.evidence('goods', 43)
      assert.deepEqual([instances, trials, bad], [2, 42, 0])
    })

    it('starts from zero with other rules, for the route that they are about, and says so', async () => {
      await world.reload({ compare: '[{ ignore: /price, why: "a sale" }]' })
      const { resetReason, outcomes } = await world.anew('prices')
      assert.equal(resetReason, 'evidence starts anew: the rules of the comparison changed')
      assert.deepEqual(outcomes, {})
      await world.evidence('goods', 43)
      await world.ask(paths('prices', 0, 3))
      assert.deepEqual((await world.evidence('prices', 3)).outcomes, { equivalent: 3 })
      assert.match(await command('status', 'prices'), /the rules of the comparison changed/)
    })

    it('starts from zero with another upstream', async () => {
      await world.reload({ total: '29s' })
      const { resetReason } = await world.anew('goods')
      assert.equal(resetReason, 'evidence starts anew: the modern target changed')
    })

    it('starts from zero with another build, and says so though that took a restart', async () => {
      await world.ask(paths('own', 0, 2))
      await world.evidence('own', 2)
      await world.restart({ build: 'two' })
      const { resetReason } = await world.anew('own')
      assert.equal(resetReason, 'evidence starts anew: the build of the handlers changed')
      await world.restart({ build: 'one' })
      await world.evidence('own', 2)
    })
  }

describe(
  'evidence in a SQLite file, from the request to the verdict',
  suite(async (dir) => ({ url: `sqlite:${join(dir, 'store.db')}`, close: async () => {} })),
)

describeWith(
  { mariadb: await probeMariadb() },
  'evidence in MariaDB, from the request to the verdict',
  suite((dir) => borrowDatabase({ form: 'mariadb', dir })),
)
