import assert from 'node:assert/strict'
import { join } from 'node:path'
import supertest from 'supertest'
import { describeEachApp } from '../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../contract-tests/lab/native.ts'
import { createApp } from './app.ts'

describe('createApp', () => {
  it('says what is missing when it is given no database', () => {
    assert.throws(() => createApp({ role: 'primary' }, {}), /DATABASE_URL is not set/)
    assert.throws(
      () => createApp({ role: 'shadow', database: { url: 'x' } }, {}),
      /no database URL/,
    )
  })

  it('answers 500 without details while the database cannot be reached, and tells the app', async () => {
    const url = `sqlite:${join(import.meta.dirname, 'there', 'is', 'none.db')}`
    const { app, ready, close } = createApp({ role: 'primary', database: { url } }, {})
    const failures: unknown[] = []
    app.on('error', (error) => failures.push(error))
    const { body, text } = await supertest(app.callback()).get('/api/tags').expect(500)
    assert.deepEqual(body, { errors: { server: ['failed'] } })
    assert.doesNotMatch(text, /sqlite|none\.db/i)
    assert.equal(failures.length, 1)
    await assert.rejects(ready())
    await close()
  })

  it('does not judge a token without the secret', async () => {
    const database = { url: 'sqlite::memory:' }
    const { app, close } = createApp({ role: 'primary', database }, {})
    const failures: unknown[] = []
    app.on('error', (error) => failures.push(error))
    await supertest(app.callback()).get('/api/articles').set('authorization', 'Token x').expect(500)
    assert.match(String(failures[0]), /JWT_SECRET is not set/)
    await close()
  })

  it('takes the driver that it is given', async () => {
    let opened = ''
    class Database {
      constructor(file: string, _flags: number, done: (error: Error) => void) {
        opened = file
        process.nextTick(done, new Error('refused'))
      }
    }
    const dialectModule = { Database, OPEN_READWRITE: 2, OPEN_CREATE: 4 }
    const io = { role: 'shadow', database: { url: 'sqlite:/x/y.db', dialectModule } } as const
    const { ready } = createApp(io, {})
    await assert.rejects(ready(), /refused/)
    assert.equal(opened, '/x/y.db')
  })
})

describeEachApp('every route', await probeMariadb(), (app) => {
  for (const path of [
    '/',
    '/api',
    '/api/nope',
    '/api/tags/',
    '//api/tags',
    '/API/tags',
    '/api/%ff',
  ]) {
    it(`answers ${path} with 404 as the legacy does`, async () => {
      const { body } = await app.get(path).expect(404)
      assert.deepEqual(body, { errors: { route: ['not found'] } })
    })
  }

  for (const path of [
    '/api/articles',
    '/api/articles/by-jake',
    '/api/profiles/jake',
    '/api/tags',
    '/api/stats',
  ]) {
    it(`answers ${path} many times at once`, async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => app.get(path)))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
    })
  }

  it('tells nobody of failures, for there were none', () => assert.deepEqual(app.failures, []))
})
