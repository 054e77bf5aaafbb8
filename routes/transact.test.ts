import assert from 'node:assert/strict'
import { type Sequelize, UniqueConstraintError } from 'sequelize'
import { describeEachDatabase } from '../contract-tests/lab/each-database.ts'
import { probeMariadb } from '../contract-tests/lab/native.ts'
import { fillTiny } from '../contract-tests/lab/tiny-data.ts'
import { openDatabase } from '../migrations/open-database.ts'
import { freeSlug } from './articles/slug.ts'
import { defineModels, type Models } from './models.ts'
import { transact } from './transact.ts'

const at = '2024-05-01 12:34:56'

describeEachDatabase('transact', await probeMariadb(), (lab) => {
  let database: Sequelize
  let models: Models

  before(async () => {
    await fillTiny(lab().url)
    database = openDatabase(lab().url)
    models = defineModels(database)
  })
  after(() => database?.close())

  const write = (title: string): Promise<string> =>
    transact(database, async (transaction) => {
      const slug = await freeSlug(models, title, { transaction })
      const row = { slug, title, authorId: 1, description: 'd', body: 'b' }
      await models.Article.create({ ...row, createdAt: at, updatedAt: at }, { transaction })
      return slug
    })

  it('lets many write what only one may have, and each sees the others', async () => {
    const slugs = await Promise.all(Array.from({ length: 6 }, () => write('Same')))
    assert.deepEqual(slugs.sort(), ['same', 'same-2', 'same-3', 'same-4', 'same-5', 'same-6'])
  })

  it('leaves nothing of work that failed, and tries only what may go better', async () => {
    let tries = 0
    const failing = transact(database, async (transaction) => {
      tries += 1
      await models.Tag.create({ name: 'lost' }, { transaction })
      throw new RangeError('no')
    })
    await assert.rejects(failing, RangeError)
    assert.equal(tries, 1)
    assert.equal(await models.Tag.count({ where: { name: 'lost' } }), 0)
  })

  it('gives up on what clashes with itself', async () => {
    let tries = 0
    const hopeless = transact(database, async (transaction) => {
      tries += 1
      const times = { createdAt: at, updatedAt: at }
      const row = { username: 'jake', email: 'new@example.com', password: 'x', ...times }
      await models.User.create(row, { transaction })
    })
    await assert.rejects(hopeless, UniqueConstraintError)
    assert.equal(tries, 10)
  })
})
