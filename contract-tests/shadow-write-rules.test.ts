/** What rules overlook of captured writes, and what keeps writes from being told: on MariaDB. */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { routeView } from '../proxy/commands/status-view.ts'
import { createPaint } from '../proxy/commands/text.ts'
import type { RouteChanges } from '../proxy/routing/plain-route.ts'
import { type ShadowLab, startShadowLab, type Told } from '../proxy/shadow/shadow-lab.ts'
import { type ConduitApp, createApp } from '../routes/app.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import type { LentDatabase } from './lab/database.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'
import { prepareDatabase } from './lab/seed.ts'
import { withEnvironment } from './lab/with-environment.ts'

const module = fileURLToPath(new URL('../routes/app.js', import.meta.url))
const secret = 'a secret of the tests, long enough to sign'
const why = 'a salt of its own each time'
const place = 'writes:users/insert/password'

describeWith({ mariadb: await probeMariadb() }, 'rules about writes on MariaDB', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-write-rules-'))
  let database: LentDatabase
  let legacy: ConduitApp
  let lab: ShadowLab

  withEnvironment({ JWT_SECRET: secret, BCRYPT_COST: '4' })
  before(async function () {
    this.timeout(90_000)
    database = await borrowDatabase({ form: 'mariadb', dir })
    await prepareDatabase(database.url, { users: 2, articles: 1 })
    legacy = createApp({ database: { url: database.url }, role: 'primary' })
  })
  after(async function () {
    this.timeout(60_000)
    await legacy?.close()
    await database?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  afterEach(() => lab?.close())

  let users = 0
  /** What a new user comes to, once there is a lane for it. */
  const register = async (route: RouteChanges, shadow: object = {}): Promise<Told | undefined> => {
    lab = await startShadowLab({
      legacy: (asked, answer) => void legacy.app.callback()(asked, answer),
      // By a name that the handlers know.
      route: { id: 'articles.create', effects: 'write', ...route },
      handlers: { module, databaseUrl: database.url },
      shadow: { snapshotWaitMs: 20_000, ...shadow },
    })
    for (let seen = 1; ; seen++) {
      while (lab.proxy.status.process().lanes?.some(({ busy }) => busy > 0)) await setImmediate()
      users += 1
      const user = { username: `u${users}`, email: `u${users}@example.com`, password: 'a password' }
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ user })
      equal((await lab.ask({ method: 'POST', path: '/api/users', headers, body })).status, 201)
      const told = (await lab.outcomes(seen)).at(-1)
      // Lanes take a while to start; until then there is no snapshot.
      if (told?.tally.reason !== 'lanes_taken') return told
    }
  }

  it('overlook a salted hash, and nothing else of the row', async () => {
    const bare = await register({ writes: 'capture' })
    ok(bare?.exemplar?.comparison?.differences.some(({ path }) => path === place))
    await lab.close()

    const told = await register({ writes: 'capture', compare: [{ ignore: place, why }] })
    const places = told?.tally.places.filter(({ pattern }) => pattern.startsWith('writes:'))
    deepEqual(
      places?.filter(({ pattern }) => !/(?:created|updated)_?at$/i.test(pattern)),
      [
        {
          pattern: place,
          kind: 'value',
          severity: 'major',
          as: 'excused',
          rule: 'articles.create#1',
        },
      ],
    )
  }).timeout(120_000)

  it('are not asked where there is no twin to cage writes in, and status says why', async () => {
    const database_ = { url: database.url, twin: false, binlog: 'off' }
    const told = await register({ writes: 'cage' }, { database: database_ })
    equal(told?.tally.reason, 'cage_unfit')
    const status = lab.proxy.status.route('articles.create')
    equal(status?.untold?.problem?.reason, 'cage_unfit')
    match(
      status === null ? '' : routeView(status, createPaint(false)),
      /writes +cage_unfit: shadow\.database names no twin \(the last/,
    )
  }).timeout(120_000)
})
