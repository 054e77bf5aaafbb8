import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exchangesOf, type RecordingLab, startRecordingLab } from './recording-lab.ts'

const routes = `
  items.list: { match: GET /items, legacy: php, modern: ts, effects: read, stage: shadow }
  items.get: { match: "GET /items/:id", legacy: php, modern: ts, effects: read }
  items.add: { match: POST /items, legacy: php, modern: ts, effects: write }
`
const json = { 'content-type': 'application/json' }

interface Report {
  readonly replayed: number
  readonly bad: number
  readonly skipped: Readonly<Record<string, number>>
  readonly routes: readonly {
    readonly route: string
    readonly outcomes: Readonly<Record<string, number>>
    readonly places: readonly { readonly pattern: string; readonly as: string }[]
  }[]
}

const outcomesOf = ({ routes: all }: Report) =>
  Object.fromEntries(all.map(({ route, outcomes }) => [route, outcomes]))

describe('a recording', function (this: Mocha.Suite) {
  this.timeout(60_000)
  let lab: RecordingLab
  let file = ''
  let price = 2
  const report = async (against: string, changes = {}, io = {}): Promise<Report> => {
    const ran = await lab.replay(file, { against, onlyReads: true, ...changes }, io)
    return JSON.parse(ran.out) as Report
  }
  before(async () => {
    lab = await startRecordingLab({
      routes,
      legacy: ({ url, headers }, answer) => {
        const isKnown = url !== '/items/8' || headers.authorization === 'Token right'
        answer.writeHead(isKnown ? 200 : 401, json)
        answer.end(JSON.stringify({ url, price: 1, email: 'ann@mail.example' }))
      },
      modern: ({ url, headers }, answer) => {
        const isKnown = url !== '/items/8' || headers.authorization === 'Token right'
        answer.writeHead(isKnown ? 200 : 401, json)
        const isWrong = url === '/items'
        answer.end(JSON.stringify({ url, price: isWrong ? price : 1, email: 'ann@mail.example' }))
      },
    })
    file = await lab.record(async () => {
      await lab.ask({ path: '/items' })
      await lab.ask({ path: '/items/7' })
      await lab.ask({ path: '/items/8', headers: { authorization: 'Token right' } })
      const body = '{"password":"geheim","name":"pen"}'
      await lab.ask({ method: 'POST', path: '/items', body, headers: json })
    })
  })
  after(() => lab.close())

  it('holds each exchange once, with what the shadow did where there was one', () => {
    const all = exchangesOf(file)
    assert.deepEqual(all.map(({ route }) => route).sort(), [
      'items.add',
      'items.get',
      'items.get',
      'items.list',
    ])
    const sampled = all.find(({ route }) => route === 'items.list')
    assert.equal(sampled?.compared?.outcome, 'mismatch')
    assert.equal(sampled?.compared?.shadow?.from, 'modern')
    assert.equal(sampled?.answer.from, 'legacy')
  })

  it('says of each request what was redacted', () => {
    const all = exchangesOf(file)
    const added = all.find(({ route }) => route === 'items.add')
    assert.deepEqual(added?.redacted, ['body'])
    assert.match(Buffer.from(added?.request.body ?? []).toString(), /"password":"hmac:.*"pen"/)
    const guarded = all.find(({ request }) => request.url === '/items/8')
    assert.deepEqual(guarded?.redacted, ['header:authorization'])
  })

  it('is compared with modern as it is now, secrets by their tokens', async () => {
    const found = await report('modern')
    assert.deepEqual(outcomesOf(found), {
      'items.list': { mismatch: 1 },
      'items.get': { identical: 1, 'inconclusive:redacted': 1 },
    })
    assert.deepEqual(found.skipped, { writes: 1 })
    price = 1
    const mended = await report('modern')
    price = 2
    assert.equal(mended.bad, 0)
  })

  it('takes a token from the environment for what was redacted', async () => {
    const found = await report('modern', { tokenFrom: 'TOKEN' }, { env: { TOKEN: 'right' } })
    assert.deepEqual(outcomesOf(found)['items.get'], { identical: 2 })
    const given = await report('modern', { headers: ['Authorization: Token right'] })
    assert.deepEqual(outcomesOf(given)['items.get'], { identical: 2 })
  })

  it('is compared with legacy as it is now, and confirmed by asking both once more', async () => {
    const found = await report('both')
    assert.deepEqual(outcomesOf(found), {
      'items.list': { mismatch: 1 },
      'items.get': { identical: 2 },
    })
    assert.deepEqual(outcomesOf(await report('legacy', { routes: ['items.list'] })), {
      'items.list': { identical: 1 },
    })
  })

  it('executes no write unasked, and says which way is out', async () => {
    for (const against of ['legacy', 'both', 'modern']) {
      const { code, err } = await lab.replay(file, { against })
      assert.equal(code, 1)
      assert.match(err, /items\.add[\s\S]*--only-reads/)
    }
    const { asked } = lab.modern
    const before = asked.filter(({ method }) => method === 'POST').length
    await lab.replay(file, { withWrites: true, routes: ['items.add'] })
    assert.equal(asked.filter(({ method }) => method === 'POST').length, before + 1)
    assert.equal((await lab.replay(file, { against: 'legacy', withWrites: true })).code, 2)
  })

  it('proves nothing where nothing of it is compared, and says so', async () => {
    const skipped = await lab.replay(file, { onlyReads: true, routes: ['items.add'] })
    assert.equal(skipped.code, 1)
    assert.match(skipped.err, /nothing was compared, so nothing is proven: .*1 writes/)
    assert.equal((JSON.parse(skipped.out) as Report).replayed, 0)
    const text = readFileSync(file, 'utf8').split('\n')
    const guarded = text.filter((line) => /"recording":|"\/items\/8"/.test(line)).join('\n')
    const open = await lab.replay(lab.folder.write('guarded.ndjson', `${guarded}\n`))
    assert.equal(open.code, 1)
    assert.match(open.err, /nothing is proven: 1 inconclusive:redacted/)
    const none = lab.folder.write('none.ndjson', `${text[0]}\n`)
    const empty = await lab.replay(none)
    assert.equal(empty.code, 1)
    assert.match(empty.err, /no exchange was replayed/)
    assert.equal((await lab.replay(file, { onlyReads: true, routes: ['items.get'] })).code, 0)
  })

  it('does not take tokens of another key for differences', async () => {
    writeFileSync(join(lab.folder.path, 'state', 'redact.key'), Buffer.alloc(32, 7))
    const { err, out } = await lab.replay(file, { onlyReads: true, routes: ['items.get'] })
    assert.match(err, /another instance/)
    assert.deepEqual(outcomesOf(JSON.parse(out) as Report)['items.get'], {
      'inconclusive:redacted': 2,
    })
  })

  it('is no recording when it was cut in the middle, and is one without its last line', async () => {
    const text = readFileSync(file)
    const half = lab.folder.write('half.ndjson', text.subarray(0, text.length - 200).toString())
    const cut = await lab.replay(half, { onlyReads: true })
    assert.match(cut.err, /broke off/)
    const wrong = lab.folder.write('wrong.ndjson', `${text}nonsense\n{}\n`)
    const { code, err } = await lab.replay(wrong, { onlyReads: true })
    assert.equal(code, 3)
    assert.match(err, /wrong\.ndjson:\d+ it is not JSON/)
  })
})
