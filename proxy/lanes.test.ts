import { deepEqual, equal } from 'node:assert/strict'
import { createOrigin, type LabOrigin, reply } from '../contract-tests/lab/origin.ts'
import { plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute } from './routing/plain-route.ts'
import { unruly } from './targets/lanes/lanes-lab.ts'

describe('routes whose handlers run in lanes', () => {
  let origin: LabOrigin
  let lab: ProxyLab
  before(async () => {
    origin = await createOrigin(() => reply('200 OK', [], 'legacy'))
    lab = await startProxy({
      upstreams: { php: plainUpstream([origin.url]) },
      handlers: { module: unruly, timeoutMs: 1_000, concurrency: 8, databaseUrl: null },
      routes: [
        plainRoute('young', {
          stage: 'canary',
          weightBp: 10_000,
          run: 'lane',
          effects: 'read',
          fallbackOn: ['notSent', 'breakerOpen', 'bulkheadFull', 'timeout', 'reset', '5xx'],
        }),
        plainRoute('old', { match: { ...plainRoute('old').match, path: '/old' } }),
      ],
    })
  })
  after(async () => {
    await lab.close()
    await origin.close()
  })
  const ask = async (path: string) => {
    const headers = { 'x-banyan-explain': '1', 'x-user-id': 'ana' }
    const { status, text, headers: got } = await lab.ask({ path, headers })
    return [status, text, got['x-banyan-target']]
  }

  it('answers from a lane', async () => {
    deepEqual(await ask('/fine'), [200, 'fine', 'modern'])
    const [primary] = lab.proxy.status.process().lanes ?? []
    equal(primary?.role, 'primary')
    equal(primary?.problem, null)
  })

  for (const path of ['/spin', '/exit', '/throw']) {
    it(`lets legacy answer for ${path}, and every other request be answered meanwhile`, async () => {
      const ruin = ask(path)
      for (let n = 0; n < 10; n++) deepEqual(await ask('/old'), [200, 'legacy', 'legacy'])
      deepEqual(await ruin, [200, 'legacy', 'legacy'])
    })
  }
})
