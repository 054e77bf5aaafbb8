/** What a handler writes in a cage, held against what legacy has written by its binary log. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import type { Told } from '../proxy/shadow/shadow-lab.ts'
import { type CageLab, type CageOptions, type CageWorld, startCageWorld } from './cage-lab.ts'
import { checksum } from './lab/checksum.ts'
import { jwtSecret } from './lab/each-legacy.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb, probePhp } from './lab/native.ts'
import { until } from './lab/until.ts'
import { withEnvironment } from './lab/with-environment.ts'
import { postOf } from './legacy-besides.ts'

const needs = { php: await probePhp(), mariadb: await probeMariadb() }

describeWith(needs, 'writes in a cage, judged by the binary log', function (this: Mocha.Suite) {
  this.timeout(60_000)
  withEnvironment({ JWT_SECRET: jwtSecret, BCRYPT_COST: '4' })
  let world: CageWorld
  let lab: CageLab

  const start = async (options?: CageOptions): Promise<void> => {
    lab = await world.start(options)
    await lab.warm()
  }
  const differences = (one: Told | undefined): readonly string[] =>
    (one?.exemplar?.comparison?.differences ?? [])
      .filter(({ path }) => path.startsWith('writes:'))
      .map(({ path, kind }) => `${kind} ${path}`)

  before(async function () {
    this.timeout(90_000)
    world = await startCageWorld()
  })
  after(async function () {
    this.timeout(60_000)
    await world?.close()
  })
  afterEach(() => lab?.close())

  it('finds nothing where both write the same, whatever numbers each gives out, and leaves nothing behind', async () => {
    await start()
    const sum = await checksum(world.twin)
    const leftOut = (await lab.untold())?.leftOut
    // The twin grows older, and its numbers have gaps.
    for (const tag of ['first', 'second', 'third']) {
      const found = await lab.told(`Both alike in the ${tag}`, [tag, `${tag} too`])
      deepEqual([differences(found), found?.tally.reason], [[], null])
    }
    equal(await checksum(world.twin), sum)
    deepEqual((await lab.untold())?.leftOut, leftOut)
    deepEqual((await lab.untold())?.problem ?? null, null)
  })

  it('finds what only legacy writes, and what it writes otherwise', async () => {
    await start({ isolation: 'process' })
    world.acts.besides = (tag) =>
      world.run(`INSERT INTO audits (what) VALUES ('it happened') ${tag}`)
    const audited = await lab.told('Audited', ['fresh'])
    deepEqual(differences(audited), ['missing writes:audits/insert'])
    world.acts.besides = (tag, title) =>
      world.run(`UPDATE articles SET title = 'Otherwise' WHERE title = '${title}' ${tag}`)
    deepEqual(differences(await lab.told('Changed at once')), [
      'value writes:articles/insert/title',
    ])
  })

  it('finds it, too, where the twin is too old to know rows with the numbers that it gives out', async () => {
    await start()
    for (const n of [1, 2, 3])
      await fetch(`${world.php.url}/api/articles`, postOf(`Aside ${n}`, [`aside ${n}`]))
    world.acts.besides = (tag) =>
      world.run(`INSERT INTO audits (what) VALUES ('it happened') ${tag}`)
    const found = await lab.told('Audited beside others', ['beside others'])
    deepEqual(differences(found), ['missing writes:audits/insert'])
  })

  it('finds nothing where both change and delete the same, beside rows that the twin does not have', async () => {
    await start()
    await lab.told('To be changed', ['to be changed'])
    await world.copy()
    await lab.told('Younger than the copy')
    const leftOut = (await lab.untold())?.leftOut
    const path = '/api/articles/to-be-changed'
    for (const [method, article] of [
      ['PUT', { body: 'another' }],
      ['DELETE', {}],
    ] as const) {
      const found = await lab.tell(method, path, article)
      deepEqual([differences(found), found?.tally.reason], [[], null], method)
    }
    deepEqual((await lab.untold())?.leftOut, leftOut)
  })

  it('tells nothing where the twin does not have the row', async () => {
    await start()
    await lab.told('Not in the twin')
    const found = await lab.tell('PUT', '/api/articles/not-in-the-twin', { body: 'another' })
    deepEqual([found?.tally.outcome, found?.tally.reason], ['inconclusive', 'twin_stale'])
  })

  it('finds what only modern writes', async () => {
    await start()
    world.acts.besides = null
    let found: readonly string[] = []
    // What the copy wrote names nobody: until the log is read that far, it may have been legacy's.
    await until(async () => {
      found = differences(await lab.told('Never written', ['never']))
      return found.length > 0
    })
    ok(found.includes('extra writes:articles/insert'), String(found))
    ok(found.includes('extra writes:article_tags/insert'), String(found))
  })

  it('tells nothing where the twin is older, and nothing of it is a difference', async () => {
    await start()
    await world.run("INSERT INTO tags (name) VALUES ('younger')")
    const found = await lab.told('Of a younger tag', ['younger'])
    deepEqual([found?.tally.outcome, found?.tally.reason], ['inconclusive', 'twin_stale'])
    // Shown all the same.
    ok(differences(found).includes('extra writes:tags/insert'))
    equal((await lab.untold())?.problem?.reason, 'twin_stale')
  })

  it('compares answers alone where nobody reads the log, and says so', async () => {
    lab = await world.start({ binlog: 'off' })
    let found = await lab.told('Nobody reads it')
    await until(async () => {
      found = await lab.told('And nobody reads it')
      return found?.tally.reason === null
    })
    deepEqual(differences(found), [])
    ok(((await lab.untold())?.leftOut.no_binlog ?? 0) > 0)
  })
})
