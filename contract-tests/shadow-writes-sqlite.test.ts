/** Routes that write, shadowed: the rewritten Conduit beside itself, on a SQLite file. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseRules } from '../proxy/compare/rules.ts'
import {
  type Listener,
  type ShadowLab,
  startShadowLab,
  type Told,
} from '../proxy/shadow/shadow-lab.ts'
import { type ConduitApp, createApp } from '../routes/app.ts'
import { type LabDatabase, startDatabase } from './lab/database.ts'
import { prepareDatabase } from './lab/seed.ts'
import { withEnvironment } from './lab/with-environment.ts'

const module = fileURLToPath(new URL('../routes/app.js', import.meta.url))
const secret = 'a secret of the tests, long enough to sign'
const json = { 'content-type': 'application/json' }

const why = 'a salt of its own each time'
const rules = [{ ignore: 'writes:users/insert/password', why }]

/** Each writes the time of its own clock. */
const isTime = (pattern: string): boolean => /(?:created|updated)At$/.test(pattern)

describe('writes in the shadows on SQLite', function (this: Mocha.Suite) {
  this.timeout(60_000)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-writes-lite-'))
  let database: LabDatabase
  let legacy: ConduitApp
  let lab: ShadowLab
  let seen = 0

  withEnvironment({ JWT_SECRET: secret, BCRYPT_COST: '4' })
  before(async () => {
    database = await startDatabase({ form: 'sqlite', dir })
    await prepareDatabase(database.url, { users: 5, articles: 10 })
    legacy = createApp({ database: { url: database.url }, role: 'primary' })
  })
  after(async () => {
    await legacy?.close()
    await database?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  afterEach(() => lab?.close())

  const asLegacy: Listener = (asked, answer) => void legacy.app.callback()(asked, answer)

  const next = async (): Promise<Told | undefined> => {
    const told = await lab.outcomes(seen + 1)
    seen = told.length
    return told.at(-1)
  }
  const differences = (told: Told | undefined): readonly string[] =>
    (told?.exemplar?.comparison?.differences ?? [])
      .filter(({ pattern }) => !isTime(pattern))
      .map(({ kind, path }) => `${kind} ${path}`)
  /** A lane that has told of one request rests a moment later. */
  const rested = async (): Promise<void> => {
    const busy = () => lab.proxy.status.process().lanes?.some((pool) => pool.busy > 0)
    while (busy() === true) await setImmediate()
  }
  const send = (path: string, body: object, token?: string) =>
    lab.ask({
      method: 'POST',
      path,
      headers: token === undefined ? json : { ...json, authorization: `Token ${token}` },
      body: JSON.stringify(body),
    })
  const post: typeof send = async (...asked) => {
    await rested()
    return send(...asked)
  }
  const start = async (listener: Listener = asLegacy, compare: readonly object[] = []) => {
    seen = 0
    equal(parseRules(compare, '').problems.length, 0)
    lab = await startShadowLab({
      legacy: listener,
      route: {
        id: 'articles.create',
        effects: 'write',
        writes: 'capture',
        compare: compare as never,
      },
      handlers: { module, databaseUrl: database.url },
      shadow: { snapshotWaitMs: 20_000 },
    })
    // Lanes take a while to start; until then there is no copy.
    for (;;) {
      const user = { email: 'jake@example.com', password: 'jakejake' }
      const reply = await post('/api/users/login', { user })
      equal(reply.status, 200)
      if ((await next())?.tally.reason !== 'lanes_taken')
        return JSON.parse(String(reply.body)).user.token
    }
  }
  const untold = () => lab.proxy.status.route('articles.create')?.untold ?? null
  const article = (title: string) => ({
    article: { title, description: 'd', body: 'b', tagList: ['t'] },
  })
  const user = (username: string) => ({
    user: { username, email: `${username}@example.com`, password: 'a long password' },
  })

  it('finds nothing where both write the same', async () => {
    const token = await start()
    equal((await post('/api/articles', article('Once on a file'), token)).status, 201)
    const told = await next()

    deepEqual([differences(told), told?.tally.reason], [[], null])
    equal(untold(), null)
  })

  it('finds what legacy writes and modern does not, and the other way round', async () => {
    const more: Listener = (asked, answer) => {
      if (asked.url === '/api/articles')
        return void asked.resume().on('end', () => answer.writeHead(201, json).end('{}'))
      asLegacy(asked, answer)
    }
    const token = await start(more)
    await post('/api/articles', article('Never on a file'), token)
    const told = await next()
    const found = differences(told)
    ok(found.includes('extra writes:articles/insert'), `${told?.tally.reason} ${found}`)
  })

  it('lets a rule overlook a salted hash, says which, and suggests it where there is none', async () => {
    await start()
    for (const name of ['salt1', 'salt2', 'salt3']) {
      equal((await post('/api/users', user(name))).status, 201)
      ok(differences(await next()).includes('value writes:users/insert/password'))
    }
    const { suggestions } = await lab.proxy.status.findings.suggestions('articles.create')
    const suggested = suggestions.find(({ pattern }) => pattern === 'writes:users/insert/password')
    deepEqual(suggested?.rule?.ignore, 'writes:users/insert/password')
    await lab.close()

    await start(asLegacy, rules)
    await post('/api/users', user('salt4'))
    const { exemplar, tally } = (await next()) ?? {}
    const excused = exemplar?.comparison?.excused.find(({ path }) => path.startsWith('writes:'))
    deepEqual([excused?.path, excused?.rule], ['writes:users/insert/password', 'articles.create#1'])
    ok(tally?.places.some(({ as, rule }) => as === 'excused' && rule === 'articles.create#1'))
    const diffs = await lab.proxy.status.findings.diffs('articles.create')
    const place = diffs?.places.find(({ pattern }) => pattern === 'writes:users/insert/password')
    deepEqual(place?.rule, { id: 'articles.create#1', why })
  })

  it('leaves writes out, and says so, where another request may have written meanwhile', async () => {
    let answerArticle: () => void = () => {}
    const arrived = new EventTarget()
    const holding: Listener = (asked, answer) => {
      if (asked.url === '/other') return void answer.writeHead(404, json).end('{}')
      if (asked.url !== '/api/articles') return asLegacy(asked, answer)
      answerArticle = () => asLegacy(asked, answer)
      arrived.dispatchEvent(new Event('article'))
    }
    const token = await start(holding)
    const waiting = once(arrived, 'article')
    await rested()
    const created = send('/api/articles', article('Beside another'), token)
    await waiting
    equal((await send('/other', {})).status, 404)
    answerArticle()
    equal((await created).status, 201)
    const told = (await lab.outcomes(seen + 2)).slice(seen)
    deepEqual(
      told.flatMap(differences).filter((each) => each.includes('writes:')),
      [],
    )
    // The other one may have got a lane, and is no better off.
    ok((untold()?.leftOut.other_writes ?? 0) >= 1)
  })
})
