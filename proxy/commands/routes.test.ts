import assert from 'node:assert/strict'
import { common, createFolder, type Folder, plainFile, run } from './command-lab.ts'
import { render } from './render.ts'
import { matchText, routes } from './routes.ts'
import { schema } from './schema.ts'

describe('the commands that print a config', () => {
  let folder: Folder
  beforeEach(() => {
    folder = createFolder()
  })
  afterEach(() => folder.remove())

  const listed = (text: string, options: { ids?: boolean; json?: boolean } = {}) => {
    const file = common(folder.write('b.yaml', text), options.json)
    return run((io) => routes({ ...file, ids: options.ids ?? false }, io))
  }

  it('list one route a line', async () => {
    const lines = (await listed(plainFile)).out.split('\n')
    assert.match(lines[0] ?? '', /^ROUTE +STAGE +EFFECTS +LEGACY +MODERN +MATCH$/)
    assert.match(
      lines[2] ?? '',
      /^articles\.get +canary 50% +read +php +ts +GET,HEAD \/articles\/:slug$/,
    )
    assert.match(lines[3] ?? '', /^rest +legacy +- +php +- +any \/\*$/)
  })

  it('list only ids', async () => {
    assert.equal(
      (await listed(plainFile, { ids: true })).out,
      'articles.list\narticles.get\nrest\n',
    )
  })

  it('list routes as JSON', async () => {
    const { routes: found, revision } = JSON.parse((await listed(plainFile, { json: true })).out)
    assert.equal(found.length, 3)
    assert.match(revision, /^[\da-f]{12}$/)
  })

  it('exit 1 on a wrong file, with its diagnostics', async () => {
    const { code, err, out } = await listed(plainFile.replace('GET /articles,', 'GET,'))
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /b\.yaml:9:\d+ +error/)
  })

  it('write a match on one line', () => {
    const match = {
      methods: ['GET'],
      path: '/a',
      host: 'h',
      headers: { x: null, y: 'z' },
      query: { p: '1' },
    }
    assert.equal(matchText(match), 'GET h/a ?p=1 [x, y: z]')
  })

  it('render every default, and no password', async () => {
    const secret = plainFile.replace('stateDir', 'store: { url: "mysql://u:geheim@h/b" }\nstateDir')
    const file = common(folder.write('b.yaml', secret))
    const { code, out } = await run((io) => render(file, io))
    assert.equal(code, 0)
    assert.match(out, /^# revision [\da-f]{12}\nlisten:\n/)
    assert.match(out, /resetAfter: 65s/)
    assert.doesNotMatch(out, /geheim/)
    const { out: json } = await run((io) => render({ ...file, json: true }, io))
    assert.equal(JSON.parse(json).routes.rest.match.path, '/*')
  })

  it('print the JSON Schema', async () => {
    const { out } = await run((io) => schema(common('none'), io))
    const { $schema, properties } = JSON.parse(out)
    assert.match($schema, /2020-12/)
    assert.ok('routes' in properties)
  })
})
