/** The binary log of a real server, and what is known of requests by it. */
import { deepEqual, equal, match } from 'node:assert/strict'
import type { BinlogState } from '../proxy/shadow/writes/binlog/binlog-messages.ts'
import { createFindWrites, type FindWrites } from '../proxy/shadow/writes/binlog/find-writes.ts'
import { readLogPosition, readServerTime } from '../proxy/shadow/writes/binlog/read-log-position.ts'
import { moment } from '../proxy/shadow/writes/moment.ts'
import { emptyOverlay, touch } from '../proxy/shadow/writes/overlay.ts'
import { addressOf, type BinlogLab, startBinlogLab } from './binlog-lab.ts'
import { describeWith } from './lab/left-out.ts'
import { isMysqlAsked, probeMariadb } from './lab/native.ts'
import { until } from './lab/until.ts'

/** With global ids, as MySQL's lab has them, it lets no statement write to two engines. */
const itOnMariadb = isMysqlAsked() ? it.skip : it
const probe = await probeMariadb()

describeWith({ mariadb: probe }, 'the binary log of MariaDB', function (this: Mocha.Suite) {
  this.timeout(60_000)
  let lab: BinlogLab

  before(async function () {
    this.timeout(90_000)
    lab = await startBinlogLab()
  })
  after(() => lab?.close())

  const open: FindWrites[] = []
  afterEach(() => {
    for (const writes of open.splice(0)) writes.close()
  })

  /** Of a request that others have named, or nobody. */
  const findOf = (request: string, since: number) =>
    lab.writes.find({ request, since, intended: lab.intended(emptyOverlay) })

  const killStreams = async (): Promise<void> => {
    const sql = "SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog%'"
    for (const [id] of await lab.link.ask(sql)) await lab.run(`KILL ${id}`)
  }

  it('tells a row once, as it was left', async () => {
    await lab.run('CREATE TABLE steps (id INT PRIMARY KEY, v INT)')
    const overlay = touch(emptyOverlay, await lab.factsOf('steps'), null, ['1', '3'])
    const steps = ['INSERT INTO steps VALUES (1, 1)', 'UPDATE steps SET v = 2']
    deepEqual(await lab.differences(overlay, ...steps, 'UPDATE steps SET v = 3'), [])
    const back = ['UPDATE steps SET v = 4', 'UPDATE steps SET v = 3']
    deepEqual(await lab.differences(emptyOverlay, ...back), [])
    deepEqual(await lab.differences(emptyOverlay, 'REPLACE INTO steps VALUES (1, 9)'), [
      { place: 'steps/update', kind: 'missing', legacy: 'update', modern: null },
    ])
  })

  itOnMariadb(
    'tells what triggers wrote, of tables without a key, and of other engines',
    async () => {
      await lab.run('CREATE TABLE keyless (v INT) ENGINE = MyISAM')
      await lab.run('CREATE TABLE watched (id INT PRIMARY KEY)')
      const does = 'INSERT INTO keyless VALUES (1)'
      await lab.run(`CREATE TRIGGER follow AFTER INSERT ON watched FOR EACH ROW ${does}`)
      const found = await lab.differences(emptyOverlay, 'INSERT INTO watched VALUES (1)')
      deepEqual(found.map(({ place }) => place).sort(), ['keyless/insert', 'watched/insert'])
    },
  )

  it('tells of statements that were prepared, and not of what was rolled back', async () => {
    await lab.run('CREATE TABLE prepared (id INT PRIMARY KEY)')
    const since = moment()
    const insert = "INSERT INTO prepared VALUES (?) /* rid='prepared-1' */"
    await lab.ask(true, insert, [1])
    await lab.ask(false, 'START TRANSACTION')
    await lab.ask(true, insert, [2])
    await lab.ask(false, 'ROLLBACK')
    const found = await findOf('prepared-1', since)
    equal(found.is === 'found' && found.differences.length, 1)
  })

  it('says where it is not all that was written', async () => {
    await lab.run('CREATE TABLE parts (id INT PRIMARY KEY)')
    const since = moment()
    await lab.ask(false, 'START TRANSACTION')
    await lab.ask(false, 'INSERT INTO parts VALUES (1)')
    await lab.ask(false, "INSERT INTO parts VALUES (2) /* rid='parts-1' */")
    await lab.ask(false, 'COMMIT')
    match(JSON.stringify(await findOf('parts-1', since)), /names no request/)
    const made = await lab.find(emptyOverlay, 'CREATE TABLE made (id INT)')
    match(JSON.stringify(made), /logged without its rows/)
    match(JSON.stringify(await findOf('any', 0)), /not read from before the request/)
  })

  it('says where a session logs rows in part, and compares what is whole all the same', async () => {
    await lab.run(
      "CREATE TABLE wide (id INT PRIMARY KEY, v INT DEFAULT 7, t TEXT DEFAULT ('long'))",
    )
    await lab.run('CREATE TABLE narrow (id INT PRIMARY KEY)')
    const told = async (image: string, request: string, sql: string) => {
      const since = moment()
      await lab.ask(false, `SET SESSION binlog_row_image = ${image}`)
      await lab.ask(false, `${sql} /* rid='${request}' */`)
      await lab.ask(false, 'SET SESSION binlog_row_image = FULL')
      const found = await findOf(request, since)
      if (found.is !== 'found') return JSON.stringify(found)
      return found.differences.map(({ kind, place }) => `${kind} ${place}`).join()
    }
    const inPart = /^{"is":"unread".*a session logs its rows without all of their columns/
    match(await told('MINIMAL', 'part-1', 'INSERT INTO wide (id) VALUES (1)'), inPart)
    match(await told('MINIMAL', 'part-2', 'UPDATE wide SET v = 8'), inPart)
    match(await told('NOBLOB', 'part-3', 'UPDATE wide SET v = 9'), inPart)
    match(await told('MINIMAL', 'part-4', 'DELETE FROM wide'), inPart)
    equal(await told('MINIMAL', 'part-5', 'INSERT INTO narrow VALUES (1)'), 'missing narrow/insert')
    equal(await told('FULL', 'part-6', 'INSERT INTO wide (id) VALUES (2)'), 'missing wide/insert')
  })

  it('reads rows of tables that compute columns', async () => {
    await lab.run(
      'CREATE TABLE computed (id INT PRIMARY KEY, a INT AS (id * 2) VIRTUAL, b INT AS (id * 3) STORED)',
    )
    const sql = 'INSERT INTO computed (id) VALUES (1)'
    const [first] = await lab.differences(emptyOverlay, sql)
    equal(`${first?.kind} ${first?.place}`, 'missing computed/insert')
    const changed = await lab.differences(emptyOverlay, 'UPDATE computed SET id = 2')
    equal(changed.length, 2)
  })

  it('knows whether a snapshot stood before the transaction', async () => {
    await lab.run('CREATE TABLE timed (id INT PRIMARY KEY)')
    const at = async () => (await readLogPosition(lab.link)) ?? readServerTime(lab.link)
    for (const [id, isLate] of [
      ['timed-1', false],
      ['timed-2', true],
    ] as const) {
      const since = moment()
      const before_ = await at()
      await lab.run(`INSERT INTO timed VALUES (${Number(isLate)}) /* rid='${id}' */`)
      const snapshot = isLate ? await at() : before_
      const intended = { ...lab.intended(emptyOverlay), snapshot }
      const found = await lab.writes.find({ request: id, since, intended })
      equal(found.is === 'found' && found.isLate, isLate)
    }
  })

  it('knows that nothing was written where all that was names other requests', async () => {
    await lab.run('CREATE TABLE others (id INT PRIMARY KEY)')
    const since = moment()
    await lab.run("INSERT INTO others VALUES (1) /* rid='somebody-else' */")
    const nothing = { is: 'found', isLate: false, differences: [], doubt: null }
    deepEqual(await findOf('nobody', since), nothing)
    await lab.run('INSERT INTO others VALUES (2)')
    deepEqual(await findOf('nobody', since), { is: 'unnamed' })
  })

  it('is caught up with after a break, and followed again then', async () => {
    const heard: BinlogState[] = []
    const writes = createFindWrites({
      ...{ address: lab.address, onState: (state) => heard.push(state), restMs: () => 2_000 },
    })
    open.push(writes)
    await until(async () => heard.length > 0)
    await lab.run('CREATE TABLE missed (id INT PRIMARY KEY)')
    await killStreams()
    await lab.run("INSERT INTO missed VALUES (1) /* rid='missed-1' */")
    await until(async () => heard.at(-1)?.is === 'reading' && heard.length >= 4)
    const told = heard.map((state) => (state.is === 'off' ? 'off' : state.isBehind))
    deepEqual(told, [false, 'off', true, false])
  })

  it('is read by several at once, as several workers do, under different ids', async () => {
    const several = [1, 2].map(() => {
      const heard: BinlogState[] = []
      const onState = (state: BinlogState): void => void heard.push(state)
      const writes = createFindWrites({ address: lab.address, onState })
      open.push(writes)
      return { heard, writes }
    })
    const areReading = async () => several.every(({ heard }) => heard.at(-1)?.is === 'reading')
    await until(areReading)
    await lab.run('CREATE TABLE shared (id INT PRIMARY KEY)')
    for (const n of [1, 2, 3]) {
      const [request, since] = [`shared-${n}`, moment()]
      await lab.run(`INSERT INTO shared VALUES (${n}) /* rid='${request}' */`)
      for (const { writes } of several) {
        const intended = lab.intended(emptyOverlay)
        const found = await writes.find({ request, since, intended })
        equal(found.is === 'found' && found.differences.length, 1)
      }
    }
    // Of two replicas of one id, the server would have ended the older.
    for (const { heard } of several) equal(heard.length, 1)
  })

  it('goes on over new files, and over the death of its server, from where it was', async () => {
    const { states, database } = lab
    const soFar = states.length
    await lab.run('CREATE TABLE lasting (id INT PRIMARY KEY)')
    const since = moment()
    await lab.run("INSERT INTO lasting VALUES (1) /* rid='lasting-1' */")
    await lab.run('FLUSH BINARY LOGS')
    await lab.run("INSERT INTO lasting VALUES (2) /* rid='lasting-1' */")
    await database.kill()
    await until(async () => states.slice(soFar).some(({ is }) => is === 'off'))
    await database.restart()
    await until(async () => states.at(-1)?.is === 'reading')
    await lab.run("INSERT INTO lasting VALUES (3) /* rid='lasting-1' */")
    const found = await findOf('lasting-1', since)
    equal(found.is === 'found' && found.differences.length, 3, JSON.stringify(found))
  })

  it('says why it may not be read', async () => {
    const heard: BinlogState[] = []
    const onState = (state: BinlogState): void => void heard.push(state)
    const plain = addressOf(lab.database.url.replace('//conduit:', '//plain:'))
    const writes = createFindWrites({ address: plain, onState, restMs: () => 10 })
    await until(async () => heard.length > 0)
    writes.close()
    match(JSON.stringify(heard[0]), isMysqlAsked() ? /REPLICATION CLIENT/ : /REPLICATION SLAVE/)
  })
})
