/** Legacy and handlers side by side on every step of the schema, up and down, with data in place. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { QueryTypes, type Sequelize } from 'sequelize'
import type { Migration } from '../migrations/migration.ts'
import { migrations } from '../migrations/migrations.ts'
import { createMigrator, type Migrator } from '../migrations/migrator.ts'
import { openDatabase } from '../migrations/open-database.ts'
import { core } from './journeys/core.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import { embeddedForms, type Forms } from './lab/forms.ts'
import { type Front, startFront } from './lab/front.ts'
import { runJourney } from './lab/journey.ts'
import { describeWith } from './lab/left-out.ts'
import { type Modern, startModern } from './lab/modern.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { startWorld, type World } from './lab/world.ts'

type Side = 'legacy' | 'modern'

const contractAt = migrations.findIndex(({ contract }) => contract !== undefined)
/** Those after the first, which is the schema itself; a world begins behind the last of them. */
const steps = migrations.slice(1, contractAt)
const contracts = migrations.slice(contractAt)

const describeSteps = (forms: Forms): void => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-steps-'))
  let world: World
  let front: Front
  let modern: Modern
  let database: Sequelize
  let migrator: Migrator
  let atFirst: readonly object[]
  let runs = 0

  const seeded = (): Promise<readonly object[]> =>
    database.query(
      `SELECT id, slug, author_id, title, description, body, view_count, created_at, updated_at
        FROM articles WHERE author_id <= 5 ORDER BY id`,
      { type: QueryTypes.SELECT },
    )
  const urlOf = (side: Side): string => (side === 'legacy' ? front : modern).url
  const walk = (side: Side): Promise<unknown> => {
    runs += 1
    return runJourney(core, { origin: urlOf(side), run: `w${runs}` })
  }
  const itWorks = (where: string): void => {
    for (const side of ['legacy', 'modern'] as const) {
      it(`${where}, ${side} writes, edits, lists, reads and deletes`, async () => {
        await walk(side)
      })
    }
    it(`${where}, no article has changed`, async () => {
      assert.deepEqual(await seeded(), atFirst)
    })
  }

  before(async function () {
    this.timeout(90_000)
    world = await startWorld({
      forms,
      dir,
      database: borrowDatabase,
      size: { users: 5, articles: 20 },
    })
    front = await startFront(world)
    modern = await startModern(world.database.url, world.jwtSecret)
    database = openDatabase(world.database.url)
    migrator = createMigrator(database)
    atFirst = await seeded()
    assert.equal(atFirst.length, 20)
  })
  after(async function () {
    this.timeout(20_000)
    await database?.close()
    await modern?.close()
    await front?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const describeStep = (title: string, change: () => Promise<unknown>, where: string): void => {
    describe(title, () => {
      before(change)
      itWorks(where)
    })
  }
  for (const { name } of steps.toReversed()) {
    describeStep(`down ${name}`, () => migrator.down(), `without ${name}`)
  }
  for (const { name } of steps) {
    describeStep(`up ${name}`, () => migrator.up(name), `with ${name}`)
  }

  const describeContract = ({ name }: Migration): void => {
    describe(`up ${name}`, () => {
      before(() => migrator.up(name))
      it('modern writes, edits, lists, reads and deletes', async () => {
        await walk('modern')
      })
      it('legacy reads, but writes no article any more', async () => {
        const list = await fetch(`${front.url}/api/articles?author=jake`)
        assert.equal(list.status, 200)
        await assert.rejects(walk('legacy'), /writes[\s\S]*500/)
      })
    })
  }
  contracts.forEach(describeContract)
  for (const { name } of contracts.toReversed()) {
    describeStep(`down ${name}`, () => migrator.down(), `without ${name}`)
  }
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describe('each step of the schema, embedded on SQLite', () => describeSteps(embeddedForms))
describeWith({ php, ruby, mariadb }, 'each step of the schema, native on MariaDB', () =>
  describeSteps({ database: 'mariadb', php: 'native', ruby: 'native', missing: [] }),
)
