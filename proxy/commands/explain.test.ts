import assert from 'node:assert/strict'
import { mintForceToken } from '../routing/force.ts'
import { common, createFolder, drivesTerminal, type Folder, plainFile, run } from './command-lab.ts'
import { type ExplainOptions, explain } from './explain.ts'
import type { Io } from './io.ts'

describe('explain', () => {
  let folder: Folder
  beforeEach(() => {
    folder = createFolder()
  })
  afterEach(() => folder.remove())

  const asked = (options: Partial<ExplainOptions>, io: Partial<Io> = {}) => {
    const file = common(folder.write('b.yaml', plainFile))
    const plain = { ...file, method: 'GET', url: '/articles/a', headers: [], key: null }
    return run((world) => explain({ ...plain, ...options }, world), io)
  }

  it('names route, target, bucket and reason', async () => {
    const { code, out } = await asked({ key: 'ana' })
    assert.equal(code, 0)
    assert.match(out, /route +articles\.get {2}\(GET,HEAD \/articles\/:slug\)/)
    assert.match(out, /caller +"ana" of cohort articles\.get/)
    assert.match(out, /bucket +\d+ of 10000/)
    assert.match(out, /target +(legacy \(php\)|modern \(ts\))/)
  })

  it('takes the key from a header as UTF-8', async () => {
    const typed = JSON.parse((await asked({ key: 'añá', json: true })).out)
    const sent = JSON.parse((await asked({ headers: ['X-User-Id: añá'], json: true })).out)
    assert.deepEqual(sent.caller, typed.caller)
    assert.equal(sent.caller.key, 'añá')
  })

  it('follows a signed force, as the proxy would', async () => {
    const token = mintForceToken('modern', Math.floor(Date.now() / 1000) + 60, 'k')
    const headers = [`x-banyan-target: ${token}`]
    const { out } = await asked({ headers, json: true }, { env: { BANYAN_FORCE_KEY: 'k' } })
    const { primary, reason } = JSON.parse(out)
    assert.deepEqual([primary, reason], ['modern', 'forced'])
  })

  it('matches the canonical path of a whole URL', async () => {
    const { out } = await asked({ url: 'http://shop.example/x/..//%61rticles?x' })
    assert.match(out, /path +\/articles\n/)
    assert.match(out, /route +articles\.list /)
  })

  it('says what else legacy may take the path for, and what becomes of it then', async () => {
    const report = plainFile.replace('127.0.0.1:9 }', '127.0.0.1:9, normaliser: php }')
    const config = folder.write('d.yaml', report)
    const { code, out } = await asked({ config, url: '/index.php/articles' })
    assert.equal(code, 0)
    assert.match(out, /or +\/articles by php: articles\.list {2}\(onAmbiguousPath: report\)/)
    const reject = report.replace('routes:', 'defaults: { onAmbiguousPath: reject }\nroutes:')
    const refused = await asked({
      config: folder.write('e.yaml', reject),
      url: '/index.php/articles',
      json: true,
    })
    assert.equal(refused.code, 1)
    const { route, why, ambiguity } = JSON.parse(refused.out)
    assert.deepEqual([route, ambiguity.canonical, ambiguity.policy], [null, 'rest', 'reject'])
    assert.match(why, /answered 400/)
  })

  it('exits 1 where no route takes the request', async () => {
    const config = folder.write('c.yaml', plainFile.replace(/ {2}rest.*/, ''))
    const { code, out } = await asked({ config, method: 'PUT' })
    assert.equal(code, 1)
    assert.match(out, /No route takes this request/)
  })

  for (const wrong of [{ url: 'articles' }, { url: 'http://[shop/a' }, { method: 'G ET' }]) {
    it(`exits 2 on ${JSON.stringify(wrong)}`, async () => {
      assert.equal((await asked(wrong)).code, 2)
    })
  }

  it('exits 2 on what is no header', async () => {
    const { code, err } = await asked({ headers: ['x-user-id ana\u001b[2J'] })
    assert.equal(code, 2)
    assert.ok(!drivesTerminal(err))
    assert.match(err, /is no header\n {2}write -H 'name: value'/)
  })
})
