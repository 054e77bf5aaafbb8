import assert from 'node:assert/strict'
import { createForce } from '../routing/force.ts'
import { common, createFolder, type Folder, plainFile, run } from './command-lab.ts'
import { type TokenOptions, token } from './token.ts'

const nowMs = 1_700_000_000_000
const keyed = { env: { BANYAN_FORCE_KEY: 'k' }, now: () => nowMs }

describe('token', () => {
  let folder: Folder
  beforeEach(() => {
    folder = createFolder()
  })
  afterEach(() => folder.remove())

  const minted = (options: Partial<TokenOptions>, io = keyed) => {
    const file = common(folder.write('b.yaml', plainFile))
    const plain = { ...file, action: 'mint', target: 'modern', for: '8h' }
    return run((world) => token({ ...plain, ...options }, world), io)
  }

  it('prints a token that the proxy believes until it expires', async () => {
    const { code, out, err } = await minted({ target: 'legacy', for: '1h' })
    assert.equal(code, 0)
    assert.match(err, /until 2023-11-14T23:13:20\.000Z; send it as x-banyan-target/)
    const config = {
      header: 'x-banyan-target',
      cookie: 'c',
      keyEnv: '',
      maxAgeMs: 28_800_000,
      allowUnsignedFrom: [],
    }
    const forcedAt = (ms: number) =>
      createForce(config, { key: 'k', now: () => ms })({
        headers: ['X-Banyan-Target', out.trim()],
        peer: { address: '203.0.113.9', scheme: 'http', host: '', trusted: false },
      })
    assert.deepEqual(forcedAt(nowMs + 3_599_000), { target: 'legacy' })
    assert.equal(forcedAt(nowMs + 3_600_000), 'invalid')
  })

  it('prints JSON with where to put it', async () => {
    const { header, cookie, expires } = JSON.parse((await minted({ json: true })).out)
    assert.deepEqual([header, cookie], ['x-banyan-target', 'banyan_target'])
    assert.equal(Date.parse(expires), nowMs + 8 * 3_600_000)
  })

  it('exits 1 without a key and says how to make one', async () => {
    const { code, err } = await minted({}, { env: {} as typeof keyed.env, now: keyed.now })
    assert.equal(code, 1)
    assert.match(err, /BANYAN_FORCE_KEY is not set.*\n.*openssl rand/)
  })

  const wrong: readonly (readonly [Partial<TokenOptions>, RegExp])[] = [
    [{ action: 'burn' }, /allowed: mint/],
    [{ target: 'modren' }, /did you mean "modern"/],
    [{ for: '8' }, /no duration/],
    [{ for: '500ms' }, /a second or more/],
    [{ for: '9h' }, /at most 8h/],
  ]
  for (const [options, sentence] of wrong) {
    it(`exits 2 on ${JSON.stringify(options)}`, async () => {
      const { code, err } = await minted(options)
      assert.equal(code, 2)
      assert.match(err, sentence)
    })
  }
})
