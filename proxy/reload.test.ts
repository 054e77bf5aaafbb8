import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { createOrigin, type LabOrigin, reply } from '../contract-tests/lab/origin.ts'
import type { Config } from './config/config.ts'
import { plainListen, plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute } from './routing/plain-route.ts'

describe('reload', () => {
  let first: LabOrigin
  let second: LabOrigin
  let lab: ProxyLab
  beforeEach(async () => {
    first = await createOrigin(() => reply('200 OK', [], 'first'))
    second = await createOrigin(() => reply('200 OK', [], 'second'))
    lab = await startProxy({ upstreams: { php: plainUpstream([first.url]) } })
  })
  afterEach(async () => {
    await lab.close()
    await first.close()
    await second.close()
  })
  const configFor = (url: string, revision: string): Config => ({
    ...lab.config,
    revision,
    upstreams: { php: plainUpstream([url]) },
  })

  it('gives each request one revision, whole, through 200 reloads', async () => {
    const headers = { 'x-banyan-explain': '1' }
    const expected = (revision: unknown): string =>
      Number(revision) % 2 === 1 ? 'first' : 'second'
    let asking = true
    let asked = 0
    const revisions = new Set<unknown>()
    const load = Array.from({ length: 4 }, async () => {
      while (asking) {
        const answer = await lab.ask({ headers })
        const revision = answer.headers['x-banyan-revision']
        equal(answer.status, 200)
        equal(answer.text, expected(revision))
        revisions.add(revision)
        asked += 1
      }
    })
    for (let round = 2; round <= 201; round += 1) {
      const url = round % 2 === 1 ? first.url : second.url
      equal((await lab.proxy.reload(configFor(url, String(round)))).result, 'applied')
      const before = asked
      while (asked < before + 2) await new Promise(setImmediate)
    }
    asking = false
    await Promise.all(load)
    ok(revisions.size > 100)
  })

  it('keeps the connections of an upstream that did not change', async () => {
    const routes = [plainRoute('renamed', { modern: null })]
    await lab.ask()
    await lab.proxy.reload({ ...lab.config, revision: '2', routes })
    await lab.ask()
    equal(first.accepted(), 1)
  })

  it('lets a request in flight finish where it began', async () => {
    const held = await createOrigin(() => {})
    await lab.proxy.reload(configFor(held.url, '2'))
    const slow = lab.ask()
    const request = await held.next()
    await lab.proxy.reload(configFor(first.url, '3'))
    equal((await lab.ask()).text, 'first')
    request.socket.write(reply('200 OK', [], 'held'))
    equal((await slow).text, 'held')
    await held.quiet()
    await held.close()
  })

  it('puts several at once in force one after the other, and ends after the last', async () => {
    const outcomes = await Promise.all(
      [2, 3, 4].map((round) => lab.proxy.reload(configFor(second.url, String(round)))),
    )
    deepEqual(
      outcomes.map(({ revision }) => revision),
      ['2', '3', '4'],
    )
    equal(lab.proxy.status.config().revision, '4')
    const last = lab.proxy.reload(configFor(first.url, '5'))
    await lab.proxy.close()
    equal((await last).result, 'applied')
  })

  it('comes back to the config in force where another one was asked for just before', async () => {
    const outcomes = await Promise.all([
      lab.proxy.reload(configFor(second.url, '2')),
      lab.proxy.reload(lab.config),
    ])
    deepEqual(
      outcomes.map(({ result }) => result),
      ['applied', 'applied'],
    )
    equal((await lab.ask()).text, 'first')
  })

  it('leaves the config in force where the next one cannot be served', async () => {
    await rejects(lab.proxy.reload(configFor('ftp://127.0.0.1:1', '2')), TypeError)
    equal(lab.proxy.status.config().revision, lab.config.revision)
    equal((await lab.ask()).text, 'first')
  })

  it('reports what needs a restart, and applies the rest', async () => {
    const listen = plainListen({ port: 1 })
    const wanted = { ...lab.config, revision: '2', listen }
    const { result, needsRestart } = await lab.proxy.reload(wanted)
    deepEqual([result, needsRestart], ['applied', ['listen.port', 'listen.trustedProxies']])
    equal(lab.proxy.status.config().listen.port, 0)
  })

  it('says that nothing changed', async () => {
    equal((await lab.proxy.reload(lab.config)).result, 'unchanged')
  })
})
