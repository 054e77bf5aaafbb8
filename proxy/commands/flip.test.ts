import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { common, createFolder, type Folder, plainFile, run, startProxy } from './command-lab.ts'
import { type FlipOptions, flip } from './flip.ts'

/** Nobody listens at this port of one's own machine. */
const nowhere = 'http://127.0.0.1:1'

describe('flip', () => {
  let folder: Folder
  let file = ''
  beforeEach(() => {
    folder = createFolder()
    file = folder.write('b.yaml', plainFile)
  })
  afterEach(() => folder.remove())

  const flipped = (options: Partial<FlipOptions> = {}) => {
    const plain = { ...common(file), route: 'articles.list', stage: 'canary', weight: '10%' }
    return run((io) => flip({ ...plain, admin: nowhere, ...options }, io))
  }
  const text = (): string => readFileSync(file, 'utf8')

  it('changes one line, keeps its comment and prints the difference', async () => {
    const { code, out } = await flipped()
    const after = plainFile.replace('stage: legacy }', 'stage: canary, weight: 10% }')
    assert.equal(code, 0)
    assert.equal(text(), after)
    assert.match(
      out,
      /b\.yaml:9\n- {3}articles\.list.*stage: legacy } # one line\n\+ {3}articles\.list/,
    )
    assert.match(
      out,
      /no proxy runs here, it is in force at the next start: revision [\da-f]{12}\n/,
    )
  })

  it('says so where the file says so already', async () => {
    const { code, out } = await flipped({ stage: 'legacy', weight: null })
    assert.deepEqual([code, text()], [0, plainFile])
    assert.match(out, /says so already/)
  })

  it('finds a route in an included file', async () => {
    file = folder.write('b.yaml', `include: [more.yaml]\n${plainFile}`)
    const more = folder.write(
      'more.yaml',
      'routes:\n  tags.list:\n    match: GET /tags # here\n    legacy: php\n    modern: ts\n    effects: read\n',
    )
    const { code, out } = await flipped({ route: 'tags.list', stage: 'modern', weight: null })
    assert.equal(code, 0, out)
    assert.match(readFileSync(more, 'utf8'), /GET \/tags # here[\s\S]*stage: modern/)
    assert.match(out, /more\.yaml:\d+\n/)
  })

  const refused: readonly (readonly [string, Partial<FlipOptions>, number, RegExp])[] = [
    ['a route that is not there', { route: 'articles.lst' }, 1, /did you mean "articles.list"/],
    ['a stage that is none', { stage: 'modren' }, 2, /did you mean "modern"/],
    ['a weight that is none', { weight: '10' }, 2, /no share/],
    ['a weight beside another stage', { stage: 'modern' }, 2, /only canary has one/],
    ['a canary without a weight', { weight: null }, 1, /BC1402[\s\S]*nothing is changed/],
    ['a stage without its target', { route: 'rest', stage: 'modern', weight: null }, 1, /BC1403/],
  ]
  for (const [title, options, exit, sentence] of refused) {
    it(`refuses ${title} and changes nothing`, async () => {
      const { code, err, out } = await flipped(options)
      assert.deepEqual([code, out, text()], [exit, '', plainFile])
      assert.match(err, sentence)
    })
  }

  it('refuses a route that a rollout promotes and names the command that moves it', async () => {
    const before = plainFile.replace('stage: legacy', 'rollout: standard')
    file = folder.write('b.yaml', before)
    const { code, err } = await flipped()
    assert.deepEqual([code, text()], [1, before])
    assert.match(err, /banyan promote articles\.list/)
  })

  it('refuses to touch a file that is wrong already', async () => {
    file = folder.write('b.yaml', plainFile.replace('legacy: php }', 'legacy: phq }'))
    const { code, err } = await flipped()
    assert.equal(code, 1)
    assert.match(err, /BC1201[\s\S]*already wrong/)
  })

  it('exits 3 without a file', async () => {
    const { code, err } = await flipped({ config: 'none.yaml' })
    assert.equal(code, 3)
    assert.match(err, /no such file/)
  })

  it('prints the change as JSON', async () => {
    const { effect, line, before, after } = JSON.parse((await flipped({ json: true })).out)
    assert.deepEqual([effect, line], ['notRunning', 9])
    assert.match(`${before}${after}`, /stage: legacy.*stage: canary/)
  })

  it('has the running proxy serve the change before it returns', async () => {
    const { proxy, adminUrl } = await startProxy(file)
    try {
      const { code, out } = await flipped({ admin: adminUrl })
      assert.equal(code, 0)
      assert.match(out, new RegExp(`in force: revision ${proxy.status.config().revision}`))
      assert.equal(proxy.status.route('articles.list')?.stage, 'canary')
    } finally {
      await proxy.close()
    }
  })

  it('leaves a proxy alone that serves another file', async () => {
    const { proxy, adminUrl } = await startProxy(folder.write('other.yaml', plainFile))
    try {
      assert.match((await flipped({ admin: adminUrl })).out, /serves another file/)
      assert.equal(proxy.status.route('articles.list')?.stage, 'legacy')
    } finally {
      await proxy.close()
    }
  })
})
