import { deepEqual, equal } from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { createOrigin, type LabOrigin, reply } from '../contract-tests/lab/origin.ts'
import { plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'
import { plainRoute } from './routing/plain-route.ts'
import { unruly } from './targets/lanes/lanes-lab.ts'

const native = fileURLToPath(new URL('./targets/conformance/native-handlers.js', import.meta.url))

const startYoung = (origin: LabOrigin, module: string): Promise<ProxyLab> =>
  startProxy({
    upstreams: { php: plainUpstream([origin.url]) },
    // The first request may come before the first lane has started.
    handlers: {
      module,
      timeoutMs: 1_000,
      concurrency: 8,
      databaseUrl: null,
      queueTimeoutMs: 30_000,
    },
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

/** What the handlers of a module do to whoever runs them. */
const ruins = [
  ['misbehave', unruly, ['/spin', '/exit', '/throw']],
  ['ruin a process', native, ['/stays-in-libsql', '/calls-libsql', '/abort', '/segv']],
] as const

for (const [ruin, module, paths] of ruins) {
  describe(`routes whose handlers run in lanes, and ${ruin}`, () => {
    let origin: LabOrigin
    let lab: ProxyLab
    before(async () => {
      origin = await createOrigin(() => reply('200 OK', [], 'legacy'))
      lab = await startYoung(origin, module)
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
    }).timeout(60_000)

    for (const path of paths) {
      it(`lets legacy answer for ${path}, and every other request be answered meanwhile`, async () => {
        const ruined = ask(path)
        for (let n = 0; n < 10; n++) deepEqual(await ask('/old'), [200, 'legacy', 'legacy'])
        deepEqual(await ruined, [200, 'legacy', 'legacy'])
      }).timeout(60_000)
    }
  })
}
