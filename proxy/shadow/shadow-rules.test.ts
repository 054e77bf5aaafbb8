import assert from 'node:assert/strict'
import { type ServerResponse, request as send } from 'node:http'
import { type Listener, type ShadowLab, saying, startShadowLab } from './shadow-lab.ts'

const dying: Listener = (asked) => asked.socket.destroy()
const session = { cookie: 'theme=dark; PHPSESSID=secretsession1' }
const one = saying('{"a":1}')
const two = saying('{"a":2}')

/** What was told of the only sample. */
const only = async (lab: ShadowLab): Promise<string> => {
  const [told] = await lab.outcomes(1)
  const { outcome, reason } = told?.tally ?? {}
  return reason === null ? `${outcome}` : `${outcome}:${reason}`
}

describe('shadowing', () => {
  let lab: ShadowLab
  afterEach(() => lab.close())

  it('asks no shadow for what is asked in the shadows already', async () => {
    lab = await startShadowLab({ legacy: one, modern: one })
    await lab.ask({ headers: { 'x-banyan-shadow': '1' } })
    await lab.ask()
    await lab.outcomes(1)
    assert.deepEqual([lab.legacy.asked.length, lab.modern.asked.length], [2, 1])
    assert.equal(lab.legacy.asked[0]?.headers['x-banyan-shadow'], undefined)
  })

  it('lets no breaker hear of a shadow that fails', async () => {
    const breaker = { minimumCalls: 1, failureRateBp: 100, slowRateBp: 10_000 }
    const limits = { windowMs: 10_000, slowCallMs: 3_000, resetAfterMs: 60_000, halfOpenCalls: 1 }
    const route = { stage: 'canary', breaker: { ...breaker, ...limits } } as const
    lab = await startShadowLab({ legacy: one, modern: dying, route })
    for (let at = 0; at < 5; at += 1) assert.equal((await lab.ask()).status, 200)
    const told = await lab.outcomes(5)
    assert.ok(told.every(({ tally }) => tally.outcome === 'shadow_error'))
    assert.deepEqual(
      lab.proxy.status.breakers().filter(({ state }) => state !== 'closed'),
      [],
    )
  })

  it('never asks legacy in reverse with a session', async () => {
    lab = await startShadowLab({ legacy: one, modern: one, route: { stage: 'modern' } })
    await lab.ask({ headers: session })
    assert.equal(await only(lab), 'inconclusive:session')
    assert.equal(lab.legacy.asked.length, 0)
  })

  it('asks legacy in reverse with a session where the route says that it may be repeated', async () => {
    const route = { stage: 'modern', repeatable: true } as const
    lab = await startShadowLab({ legacy: one, modern: one, route })
    await lab.ask({ headers: session })
    assert.equal(await only(lab), 'identical')
    assert.equal(lab.legacy.asked[0]?.headers['x-banyan-shadow'], '1')
  })

  it('does not repeat a mismatch with a session, and shows it all the same', async () => {
    lab = await startShadowLab({ legacy: one, modern: two })
    await lab.ask({ headers: session })
    assert.equal(await only(lab), 'inconclusive:session')
    assert.equal(lab.legacy.asked.length, 1)
    const [told] = lab.told
    assert.equal(told?.exemplar?.comparison?.differences[0]?.path, '/a')
    assert.equal(told?.exemplar?.outcome, 'inconclusive')
    assert.ok(!JSON.stringify(told).includes('secretsession1'))
  })

  it('asks both of a chosen request once more, whatever it comes to', async () => {
    lab = await startShadowLab({ legacy: one, modern: one, random: () => 0 })
    await lab.ask()
    assert.equal(await only(lab), 'identical')
    assert.deepEqual(lab.told[0]?.tally.discordant, [])
    assert.deepEqual([lab.legacy.asked.length, lab.modern.asked.length], [2, 2])
  })

  it('asks nobody again where the fallback has asked both', async () => {
    lab = await startShadowLab({ legacy: one, modern: dying, route: { stage: 'modern' } })
    assert.equal((await lab.ask()).status, 200)
    assert.equal(await only(lab), 'shadow_error')
    assert.deepEqual([lab.legacy.asked.length, lab.modern.asked.length], [1, 1])
    assert.deepEqual([lab.told[0]?.tally.primary, lab.told[0]?.tally.shadow], ['legacy', 'modern'])
  })

  it('never asks for what writes, whatever becomes of writes', async () => {
    const route = { effects: 'write', writes: 'capture' } as const
    lab = await startShadowLab({ legacy: one, modern: one, route })
    await lab.ask({ method: 'POST', body: 'x' })
    await lab.proxy.drain()
    assert.deepEqual([lab.told.length, lab.modern.asked.length], [0, 0])
  })

  it('hands on an upload as it came', async () => {
    const echo: Listener = (asked, answer) => asked.pipe(answer)
    lab = await startShadowLab({ legacy: echo, modern: echo })
    const body = Buffer.alloc(100_000, 'x')
    const reply = await lab.ask({ method: 'POST', body })
    assert.ok(reply.body.equals(body))
    assert.equal(await only(lab), 'identical')
  })

  it('compares nothing of an upload beyond the limit, which legacy gets whole', async () => {
    const echo: Listener = (asked, answer) => asked.pipe(answer)
    lab = await startShadowLab({ legacy: echo, modern: echo, shadow: { bodyLimitBytes: 1_000 } })
    const body = Buffer.alloc(100_000, 'x')
    assert.ok((await lab.ask({ method: 'POST', body })).body.equals(body))
    assert.equal(await only(lab), 'inconclusive:body_not_kept')
    assert.equal(lab.modern.asked.length, 0)
  })

  it('sheds what memory has no room for', async () => {
    const big = saying('x'.repeat(50_000))
    lab = await startShadowLab({ legacy: big, modern: big, shadow: { memoryBytes: 10_000 } })
    assert.equal((await lab.ask()).body.length, 50_000)
    assert.equal(await only(lab), 'shed:memory')
  })

  it('tells that a client has gone, and asks nobody for it', async () => {
    const halfway: Listener = (_, answer) => void answer.writeHead(200).write('half')
    lab = await startShadowLab({ legacy: halfway, modern: one })
    const asked = send({ host: '127.0.0.1', port: lab.port, agent: false })
    asked.on('error', () => {})
    asked.on('response', (answer) => answer.once('data', () => asked.destroy()))
    asked.end()
    assert.equal(await only(lab), 'inconclusive:client_gone')
    assert.equal(lab.modern.asked.length, 0)
  })

  it('asks nobody where legacy has not answered', async () => {
    lab = await startShadowLab({ legacy: dying, modern: one })
    assert.equal((await lab.ask()).status, 502)
    assert.equal(await only(lab), 'inconclusive:primary_failed')
    assert.equal(lab.modern.asked.length, 0)
  })

  it('takes an error ahead of its turn', async () => {
    const legacy: Listener = (asked, answer) =>
      saying('{}', {}, asked.url === '/gone' ? 404 : 200)(asked, answer)
    lab = await startShadowLab({ legacy, modern: legacy, route: { sampleBp: 1 } })
    for (const path of ['/first', '/other', '/gone', '/another']) await lab.ask({ path })
    const told = await lab.outcomes(2)
    await lab.proxy.drain()
    assert.deepEqual(
      told.map(({ tally }) => tally.legacyStatus),
      [200, 404],
    )
  })

  it('is switched off and on again by a kill', async () => {
    lab = await startShadowLab({ legacy: one, modern: one })
    const kill = { scope: 'shadow', reason: 'legacy is busy', for: '1h' }
    const headers = { 'content-type': 'application/json' }
    const order = { method: 'POST', headers, body: JSON.stringify(kill) }
    assert.ok((await fetch(`${lab.adminUrl}/v1/kills`, order)).ok)
    assert.equal((await lab.ask()).status, 200)
    assert.equal(await only(lab), 'shed:paused')
    assert.ok((await fetch(`${lab.adminUrl}/v1/kills/shadow`, { method: 'DELETE' })).ok)
    await lab.ask()
    assert.equal((await lab.outcomes(2))[1]?.tally.outcome, 'identical')
  })

  it('is switched off by a kill for those that wait for their turn, too', async () => {
    const places = 4
    const held: (() => void)[] = []
    let tellAsked = (): void => {}
    const areAsked = new Promise<void>((resolve) => {
      tellAsked = resolve
    })
    const holding: Listener = (asked, answer: ServerResponse) => {
      held.push(() => one(asked, answer))
      if (held.length === places) tellAsked()
    }
    lab = await startShadowLab({ legacy: one, modern: holding })
    await Promise.all(Array.from({ length: places + 2 }, (_, at) => lab.ask({ path: `/${at}` })))
    await areAsked
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ scope: 'shadow', reason: 'modern is busy', for: '1h' })
    assert.ok((await fetch(`${lab.adminUrl}/v1/kills`, { method: 'POST', headers, body })).ok)
    for (const answer of held) answer()
    const told = await lab.outcomes(places + 2)
    const reasons = told.map(({ tally }) => tally.reason ?? tally.outcome).sort()
    assert.deepEqual(reasons, [...Array(places).fill('identical'), 'paused', 'paused'])
    assert.equal(lab.modern.asked.length, places)
  })

  it('tells of what is left at the end', async () => {
    lab = await startShadowLab({ legacy: one, modern: () => {} })
    await lab.ask()
    await lab.proxy.close()
    assert.deepEqual(
      lab.told.map(({ tally }) => tally.reason),
      ['shutdown'],
    )
  })
})
