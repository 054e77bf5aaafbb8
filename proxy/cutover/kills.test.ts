import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { KillOrder, KillScope } from './kill.ts'
import { createKills } from './kills.ts'

const hour = 3_600_000
const order = (scope: string, changes: Partial<KillOrder> = {}): KillOrder => ({
  scope: scope as KillScope,
  reason: 'orders fail',
  forMs: 2 * hour,
  ...changes,
})

describe('createKills', () => {
  let folder = ''
  let file = ''
  let nowMs = 1_000
  let logged: string[] = []
  const say = (event: string): void => void logged.push(event)
  const start = () =>
    createKills({ file, now: () => nowMs, log: { info: say, warn: say, error: say } })

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kills-'))
    file = join(folder, 'state', 'kills.json')
    nowMs = 1_000
    logged = []
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const route = { id: 'cart.get', modern: 'handlers' }
  const scopes: readonly (readonly [string, boolean])[] = [
    ['all', true],
    ['route:cart.get', true],
    ['route:cart', false],
    ['upstream:handlers', true],
    ['upstream:php', false],
  ]
  for (const [scope, expected] of scopes) {
    it(`${expected ? 'holds' : 'does not hold'} a route by a kill of ${scope}, at once`, async () => {
      const kills = start()
      assert.equal(kills.killed(route), false)
      const written = kills.kill(order(scope))
      assert.equal(kills.killed(route), expected)
      assert.deepEqual(await written, {
        kill: { scope, reason: 'orders fail', sinceMs: 1_000, untilMs: 1_000 + 2 * hour },
        survivesRestart: true,
      })
    })
  }

  it('does not take a route without modern for one of an upstream', async () => {
    const kills = start()
    await kills.kill(order('upstream:null'))
    assert.equal(kills.killed({ id: 'cart.get', modern: null }), false)
  })

  it('ends a kill when its time is over', async () => {
    const kills = start()
    await kills.kill(order('all', { forMs: hour }))
    nowMs += hour - 1
    assert.equal(kills.killed(route), true)
    nowMs += 1
    assert.equal(kills.killed(route), false)
    assert.deepEqual(kills.list(), [])
  })

  it('survives a restart until its time is over', async () => {
    await start().kill(order('route:cart.get'))
    assert.equal(start().killed(route), true)
    nowMs += 2 * hour
    assert.equal(start().killed(route), false)
  })

  it('lifts a kill, for a restart too', async () => {
    const kills = start()
    await kills.kill(order('all'))
    assert.equal((await kills.lift('all')).kill?.scope, 'all')
    assert.equal((await kills.lift('all')).kill, null)
    assert.equal(kills.killed(route), false)
    assert.equal(start().killed(route), false)
  })

  it('replaces a kill of the same scope and lists the oldest first', async () => {
    const kills = start()
    await kills.kill(order('all'))
    nowMs += 1
    await kills.kill(order('upstream:ts'))
    nowMs += 1
    await kills.kill(order('all', { reason: 'again' }))
    assert.deepEqual(
      kills.list().map(({ scope, reason }) => `${scope} ${reason}`),
      ['upstream:ts orders fail', 'all again'],
    )
  })

  const refused: readonly (readonly [string, KillOrder, RegExp])[] = [
    ['without a reason', order('all', { reason: ' ' }), /needs a reason/],
    ['with an endless reason', order('all', { reason: 'x'.repeat(501) }), /500 characters/],
    ['of no scope', order('carts'), /"route:ID"/],
    ['of an empty route', order('route:'), /"route:ID"/],
    ['for more than a day', order('all', { forMs: 24 * hour + 1 }), /at most 24h/],
    ['for no time', order('all', { forMs: 0 }), /above zero/],
    ['for no number', order('all', { forMs: Number.NaN }), /above zero/],
  ]
  for (const [title, given, sentence] of refused) {
    it(`refuses a kill ${title}`, () => {
      const kills = start()
      assert.throws(() => kills.kill(given), { name: 'RangeError', message: sentence })
      assert.deepEqual(kills.list(), [])
    })
  }

  it('moves a file that makes no sense aside and goes on', async () => {
    for (const text of ['', '{', 'null', '{"kills":[{"scope":"carts"}]}', '{"kills":{}}']) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      const kills = start()
      assert.deepEqual(kills.list(), [])
      assert.equal(readFileSync(`${file}.corrupt`, 'utf8'), text)
      assert.deepEqual(logged.splice(0), ['kills_unreadable'])
    }
  })

  it('kills where the disk takes nothing, and says that a restart will not know', async () => {
    writeFileSync(join(folder, 'state'), 'a file where the folder should be')
    const kills = start()
    assert.equal((await kills.kill(order('all'))).survivesRestart, false)
    assert.equal(kills.killed(route), true)
    assert.ok(logged.includes('kills_not_saved'))
  })

  it('kills where the disk is full', async function () {
    if (!existsSync('/dev/full')) this.skip()
    mkdirSync(dirname(file))
    // The bytes go where no byte fits; the rename is never reached.
    symlinkSync('/dev/full', `${file}.next`)
    const kills = start()
    assert.equal((await kills.kill(order('all'))).survivesRestart, false)
    assert.equal(kills.killed(route), true)
  })

  it('leaves the last order on disk where many come at once', async () => {
    const kills = start()
    await Promise.all(Array.from({ length: 20 }, (_, i) => kills.kill(order(`route:r${i}`))))
    await Promise.all(Array.from({ length: 19 }, (_, i) => kills.lift(`route:r${i}`)))
    assert.deepEqual(
      start()
        .list()
        .map(({ scope }) => scope),
      ['route:r19'],
    )
    assert.deepEqual(readdirSync(dirname(file)), ['kills.json'])
  })
})
