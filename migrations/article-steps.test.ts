import assert from 'node:assert/strict'
import { QueryTypes, type Sequelize } from 'sequelize'
import { describeEachDatabase } from '../contract-tests/lab/each-database.ts'
import { probeMariadb } from '../contract-tests/lab/native.ts'
import { legacySchema } from './20260101t0000-legacy-schema.ts'
import { numberRepeatedSlugs } from './20260201t0000-number-repeated-slugs.ts'
import { makeSlugsUnique } from './20260201t0100-make-slugs-unique.ts'
import { addPublishedAt } from './20260301t0000-add-published-at.ts'
import { fillPublishedAtOnce } from './20260301t0100-fill-published-at.ts'
import { requirePublishedAt } from './20260401t0000-require-published-at.ts'
import { createMigrator } from './migrator.ts'
import { openDatabase } from './open-database.ts'

const at = '2024-05-01 12:34:56'

describeEachDatabase('the steps of articles', await probeMariadb(), (lab) => {
  let database: Sequelize

  beforeEach(async () => {
    database = openDatabase(lab().url, { create: true })
    await createMigrator(database).up(legacySchema.name)
  })
  afterEach(async () => {
    for (const table of await database.getQueryInterface().showAllTables()) {
      await database.query(`DROP TABLE ${table}`)
    }
    await database.close()
  })

  const texts = { author_id: 1, title: 't', description: 'd', body: 'b' }
  const insert = (slugs: readonly string[], more: object = {}): Promise<unknown> =>
    database.getQueryInterface().bulkInsert(
      'articles',
      slugs.map((slug) => ({ ...texts, slug, created_at: at, updated_at: at, ...more })),
    )
  const column = async (name: string): Promise<readonly unknown[]> => {
    const rows = await database.query<{ value: unknown }>(
      `SELECT ${name} AS value FROM articles ORDER BY id`,
      { type: QueryTypes.SELECT },
    )
    return rows.map(({ value }) => value)
  }
  const up = (to: string): Promise<readonly string[]> => createMigrator(database).up(to)
  const down = (): Promise<readonly string[]> => createMigrator(database).down()

  it('leaves a slug to the oldest, and numbers those that share it', async () => {
    const long = '長'.repeat(255)
    await insert(['a', 'b', 'a', 'a-2', 'a', long, long, 'A'])
    await up(numberRepeatedSlugs.name)
    const cut = `${'長'.repeat(253)}-2`
    assert.deepEqual(await column('slug'), ['a', 'b', 'a-3', 'a-2', 'a-4', long, cut, 'A'])
  })

  it('refuses the index while articles share a slug, naming them', async () => {
    await up(numberRepeatedSlugs.name)
    await insert(['a', 'b', 'a', 'c', 'b', 'a'])
    await assert.rejects(
      up(makeSlugsUnique.name),
      /one slug: a \(articles 1, 3, 6\); b \(articles 2, 5\)\. Give all but one/,
    )
    await down()
    await up(makeSlugsUnique.name)
    assert.deepEqual(await column('slug'), ['a', 'b', 'a-2', 'c', 'b-2', 'a-3'])
  })

  it('keeps slugs unique from then on, until it is taken back', async () => {
    await up(makeSlugsUnique.name)
    await insert(['a'])
    await assert.rejects(insert(['a']))
    await down()
    await insert(['a'])
    assert.deepEqual(await column('slug'), ['a', 'a'])
  })

  it('fills the column batch by batch, and leaves what a handler wrote', async () => {
    await insert(Array.from({ length: 1203 }, (_, index) => `a-${index}`))
    await up(addPublishedAt.name)
    await insert(['handled'], { published_at: '2025-01-01 00:00:00' })
    await insert(['legacy'])
    await up(fillPublishedAtOnce.name)
    const found = await column('published_at')
    assert.deepEqual([...new Set(found)].sort(), [at, '2025-01-01 00:00:00'])
    assert.equal(found[1203], '2025-01-01 00:00:00')
  })

  it('fills what legacy wrote since before it demands the column, and lets go of it again', async () => {
    await up(fillPublishedAtOnce.name)
    await insert(['late'])
    await up(requirePublishedAt.name)
    assert.deepEqual(await column('published_at'), [at])
    await assert.rejects(insert(['without']))
    await insert(['with'], { published_at: at })
    await down()
    await insert(['without'])
    assert.deepEqual(await column('published_at'), [at, at, null])
  })
})
