import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { bareSurroundings } from './lab/bare-surroundings.ts'
import { createOrigin, type LabOrigin, reply } from './lab/origin.ts'
import { until } from './lab/until.ts'

/** `steady` stays open for as long as the test runs, `quick` is on trial again within a second. */
const configFor = (legacy: string, modern: string): string => `
listen: { host: 127.0.0.1, port: "\${BANYAN_PORT}", trustedProxies: [127.0.0.0/8], drain: { delay: 0s, grace: 0s } }
admin: { port: "\${BANYAN_ADMIN_PORT}" }
stateDir: "\${BANYAN_STATE_DIR}"
upstreams:
  old: { url: "${legacy}" }
  young: { url: "${modern}", timeouts: { firstByte: 300ms, total: 400ms } }
defaults:
  { legacy: old, modern: young, effects: read, stage: modern,
    breaker: { minimumCalls: 5, halfOpenCalls: 2, resetAfter: 500ms } }
routes:
  steady: { match: GET /steady, effects: read, breaker: { resetAfter: 10m } }
  quick: { match: GET /quick, effects: read }
  alone: { match: GET /alone, effects: read, stage: retired, breaker: { resetAfter: 10m } }
  other: { match: GET /other, stage: legacy }
`

const unwell = (): Uint8Array => reply('500 Internal Server Error', [], 'modern is unwell')
const well = (): Uint8Array => reply('200 OK', [], 'modern')

describe('a breaker', function () {
  this.timeout(60_000)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-breaker-'))
  const configFile = join(dir, 'banyan.yaml')
  let legacy: LabOrigin
  let modern: LabOrigin
  let banyan: Banyan
  let answer = well

  before(async () => {
    legacy = await createOrigin(() => reply('200 OK', [], 'legacy'))
    modern = await createOrigin(() => answer())
    writeFileSync(configFile, configFor(legacy.url, modern.url))
    banyan = await startBanyan(bareSurroundings(dir), { configFile })
  })
  after(async () => {
    await banyan?.close()
    await legacy?.close()
    await modern?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  beforeEach(() => {
    answer = well
  })

  /** Status, who answered, and why it was asked. */
  const ask = async (route: string): Promise<readonly [number, string, string]> => {
    const got = await fetch(`${banyan.url}/${route}`, { headers: { 'x-banyan-explain': '1' } })
    await got.text()
    const { headers, status } = got
    return [status, headers.get('x-banyan-target') ?? '', headers.get('x-banyan-reason') ?? '']
  }
  const stateOf = async (route: string): Promise<string | undefined> =>
    (await banyan.routes()).find(({ id }) => id === route)?.breakers[0]?.state
  /** Resolves once the metrics, which may be a second old, have this line. */
  const counted = (line: RegExp): Promise<boolean> =>
    until(async () => {
      const page = await (await fetch(`${banyan.adminUrl}/metrics`)).text()
      return page.split('\n').some((each) => line.test(each))
    })
  const transitions = (route: string, to: string, count: string): RegExp =>
    new RegExp(`^banyan_breaker_transitions_total{route="${route}",.*to="${to}"} ${count}$`)
  /** Calls that fail, until the breaker has had enough of them. */
  const open = async (route: string): Promise<void> => {
    answer = unwell
    for (let call = 0; call < 5; call++) assert.equal((await ask(route))[1], 'legacy')
    await until(async () => (await stateOf(route)) === 'open')
  }
  /** Asks until modern is let answer for good. */
  const closed = (route: string): Promise<boolean> =>
    until(async () => {
      const [status] = await ask(route)
      assert.equal(status, 200)
      return (await stateOf(route)) === 'closed'
    })

  it('opens, and diverts: clients have whole answers all the while', async () => {
    assert.deepEqual(await ask('steady'), [200, 'modern', 'stage'])
    await open('steady')
    const before = modern.requests.length
    for (let call = 0; call < 10; call++) {
      assert.deepEqual(await ask('steady'), [200, 'legacy', 'breaker'])
    }
    assert.equal(modern.requests.length, before, 'what is diverted does not reach modern')
  })

  it('shows in the routes and in the metrics why legacy answers', async () => {
    const route = (await banyan.routes()).find(({ id }) => id === 'steady')
    assert.deepEqual([route?.effective.primary, route?.effective.reason], ['legacy', 'breaker'])
    for (const line of [
      /^banyan_breaker_state{route="steady",upstream="young",state="open"} 1$/,
      transitions('steady', 'open', '1'),
      /^banyan_breaker_diversions_total{route="steady",reason="breaker"} 1[1-9]$/,
      /^banyan_fallbacks_total{route="steady",cause="5xx"} [45]$/,
    ]) {
      await counted(line)
    }
  })

  it('stays open through a reload that changes something else', async () => {
    const text = readFileSync(configFile, 'utf8')
    writeFileSync(configFile, text.replace('GET /other', 'GET /others'))
    assert.notEqual((await banyan.flip({})).result, 'rejected')
    assert.equal(await stateOf('steady'), 'open')
    assert.deepEqual(await ask('steady'), [200, 'legacy', 'breaker'])
  })

  it('goes on trial, opens again while modern fails, and closes once it is well', async () => {
    await open('quick')
    // A call on trial that fails has its fallback.
    let isOver = false
    const failing = until(async () => {
      assert.equal((await ask('quick'))[0], 200)
      return isOver
    })
    await counted(transitions('quick', 'open', '[2-9]'))
    isOver = true
    await failing
    answer = well
    await closed('quick')
    await counted(transitions('quick', 'half_open', '[2-9]'))
    await counted(transitions('quick', 'closed', '1'))
  })

  it('never refuses a route that has no fallback', async () => {
    answer = unwell
    const before = modern.requests.length
    for (let call = 0; call < 20; call++) {
      assert.deepEqual(await ask('alone'), [500, 'modern', 'stage'])
    }
    assert.equal(await stateOf('alone'), 'open')
    assert.equal(modern.requests.length, before + 20)
    answer = well
    assert.deepEqual(await ask('alone'), [200, 'modern', 'stage'])
  })
})
