import assert from 'node:assert/strict'
import { Agent, request as send } from 'node:http'
import { type ShadowLab, saying, startShadowLab } from './shadow-lab.ts'

const fine = saying('{"a":1}')

describe('what other ways of shadowing get wrong', () => {
  let lab: ShadowLab
  afterEach(() => lab.close())

  it('nginx and APISIX hold a connection until its shadow has answered; ours serves the next request', async () => {
    lab = await startShadowLab({ legacy: fine, modern: () => {} })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ports = new Set<number | undefined>()
    for (let at = 0; at < 3; at++)
      await new Promise<void>((resolve, reject) => {
        const asked = send({ host: '127.0.0.1', port: lab.port, path: `/${at}`, agent })
        asked.on('error', reject).on('socket', ({ localPort }) => ports.add(localPort))
        asked.on('response', (answer) => answer.on('end', resolve).resume()).end()
      })
    agent.destroy()
    assert.deepEqual([ports.size <= 2, lab.told.length], [true, 0])
  })

  it('Envoy asks a shadow by another host name, which then routes it elsewhere; ours keeps the name', async () => {
    lab = await startShadowLab({ legacy: fine, modern: fine })
    await lab.ask({ headers: { host: 'shop.example' } })
    await lab.outcomes(1)
    const [legacy, modern] = [lab.legacy, lab.modern].map(({ asked }) => asked[0]?.headers.host)
    assert.ok(legacy !== undefined)
    assert.equal(legacy, modern)
  })

  it('Envoy and GoReplay leave large uploads out in silence; ours counts each', async () => {
    const shadow = { bodyLimitBytes: 1_000 }
    lab = await startShadowLab({ legacy: fine, modern: fine, shadow })
    await lab.ask({ method: 'POST', body: 'x'.repeat(5_000) })
    const [told] = await lab.outcomes(1)
    const { outcome, reason } = told?.tally ?? {}
    assert.deepEqual([outcome, reason], ['inconclusive', 'body_not_kept'])
    assert.equal(lab.modern.asked.length, 0)
  })

  it('Traefik shadows a shadow again behind a second proxy; ours never does', async () => {
    lab = await startShadowLab({ legacy: fine, modern: fine })
    await lab.ask()
    await lab.outcomes(1)
    const mark = Object.keys(lab.modern.asked[0]?.headers ?? {}).find((name) =>
      name.includes('shadow'),
    )
    await lab.ask({ headers: { [mark ?? 'none']: '1' } })
    await lab.proxy.drain()
    assert.deepEqual([lab.told.length, lab.legacy.asked.length], [1, 2])
  })
})
