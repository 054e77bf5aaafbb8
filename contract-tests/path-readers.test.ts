import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { plainUpstream } from '../proxy/edge/plain-config.ts'
import { type ProxyLab, startProxy } from '../proxy/proxy-lab.ts'
import type { Normaliser } from '../proxy/routing/normalise/profiles.ts'
import { plainRoute } from '../proxy/routing/plain-route.ts'
import { spellingsOf } from '../proxy/routing/spellings.ts'
import { describeWith } from './lab/left-out.ts'
import { probePhp, probeRuby } from './lab/native.ts'
import { type PathReader, type ReaderName, startPathReader } from './path-readers.ts'

/** Each server stands for the stacks that are built on it. */
const suites: readonly (readonly [ReaderName, Normaliser, 'some' | 'no'])[] = [
  ['php', 'php', 'some'],
  ['puma', 'rails', 'some'],
  // Without index files: nginx resolves paths as Banyan does.
  ['nginx', 'nginx', 'no'],
]

/** Everything under /admin is moved; everything else is the real server's. */
const start = (
  policy: 'report' | 'reject',
  reader: PathReader,
  normaliser: Normaliser,
  url: string,
) =>
  startProxy({
    upstreams: {
      legacy: plainUpstream([reader.url], { name: 'legacy', normaliser: [normaliser] }),
      modern: plainUpstream([url], { name: 'modern' }),
    },
    routes: [
      plainRoute('admin', {
        match: { path: '/admin' },
        stage: 'modern',
        legacy: 'legacy',
        modern: 'modern',
        onAmbiguousPath: policy,
      }),
      plainRoute('rest', { legacy: 'legacy', modern: null }),
    ],
  })

const ruby = await probeRuby()
const needs = { php: { php: await probePhp() }, puma: { ruby }, nginx: {} } as const
const hasNginx = spawnSync('nginx', ['-v']).status === 0

for (const [name, normaliser, ways] of suites) {
  const suite = (): void => {
    let reader: PathReader
    let lab: ProxyLab
    const modern = createServer((_, response) => response.end('modern'))
    before(async () => {
      reader = await startPathReader(name)
      modern.listen(0, '127.0.0.1')
      await once(modern, 'listening')
    })
    after(async () => {
      await reader.close()
      modern.close()
      modern.closeAllConnections()
    })
    afterEach(() => lab.close())

    /** Spellings that the real server, asked past the route, takes for /admin. */
    const waysRound = async (policy: 'report' | 'reject'): Promise<readonly string[]> => {
      const { port } = modern.address() as AddressInfo
      lab = await start(policy, reader, normaliser, `http://127.0.0.1:${port}`)
      const found: string[] = []
      for (const path of spellingsOf('/admin')) {
        const { status, text } = await lab.ask({ path })
        const isRead = status === 200 && text !== 'modern'
        if (isRead && reader.readings(text).includes('/admin')) found.push(path)
      }
      return found
    }

    it('is walked round by no spelling at reject', async () => {
      assert.deepEqual(await waysRound('reject'), [])
    }).timeout(60_000)

    it(`has ${ways} ways round it at report`, async () => {
      const found = await waysRound('report')
      assert.equal(found.length > 3, ways === 'some', found.join(' '))
    }).timeout(60_000)
  }
  const title = `a route before a real ${name}`
  if (name !== 'nginx') describeWith(needs[name], title, suite)
  else if (hasNginx) describe(title, suite)
  else describe.skip(`${title} (left out: nginx is not installed)`, suite)
}
