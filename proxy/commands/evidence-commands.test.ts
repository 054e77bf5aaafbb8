import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { type ShadowLab, startShadowLab } from '../shadow/shadow-lab.ts'
import { common, drivesTerminal, type Ran, run } from './command-lab.ts'
import { curl } from './curl.ts'
import { diffs } from './diffs.ts'
import { show } from './show.ts'
import { status } from './status.ts'
import { suggestRules } from './suggest-rules.ts'

const evil = '\u001b[2J\u009b31m\u202e'

describe('what comparisons found, on the command line', () => {
  let lab: ShadowLab
  let count = 0
  const options = (json = false) => ({ ...common('none.yaml', json), admin: lab.adminUrl })
  const list = (json: boolean, more: object = {}): Promise<Ran> =>
    run((io) =>
      diffs({ ...options(json), route: 'lab.any', top: '20', exchanges: false, ...more }, io),
    )

  before(async () => {
    const head = { 'content-type': 'application/json' }
    lab = await startShadowLab({
      legacy: (_, answer) => {
        answer.writeHead(200, head)
        answer.end(`{"views":9007199254740993,"by":{"name":"ana"},"list":[],"at":${++count}}`)
      },
      modern: (_, answer) => {
        answer.writeHead(200, head)
        answer.end(JSON.stringify({ views: 1, by: { name: evil }, list: {}, at: 1 }))
      },
      route: { compare: ['php', { ignore: '/at', why: 'a counter' }] },
    })
    await lab.ask({ path: "/a?q='it", headers: { authorization: 'Bearer verysecret', 'x-a': 'b' } })
    await lab.outcomes(1)
  })
  after(() => lab.close())

  const idOf = async (): Promise<string> => {
    const { out } = await list(true, { exchanges: true })
    return JSON.parse(out).exemplars[0].id
  }

  it('shows the places as a tree of fields, the verdicts above it', async () => {
    const { code, out } = await list(false)
    assert.equal(code, 0)
    assert.match(out, /parity +fail: 1 confirmed mismatch/)
    assert.match(out, /compared +mismatch 1 \(1 confirmed\)/)
    assert.match(out, /^ {2}by\n {4}name +1 +value +major +confirmed +"ana"/m)
    assert.match(out, /^ {2}list +1 +type +breaking +excused by php#1 +\[\] +\{\}/m)
    assert.match(out, /^php#1 +PHP writes an empty map as \[\]$/m)
    assert.ok(!drivesTerminal(out))
  })

  it('names both ways out where a route that writes is not compared', async () => {
    const head = (_: unknown, answer: { end(): unknown }): void => void answer.end()
    const writing = await startShadowLab({ legacy: head, route: { effects: 'write' } })
    const asked = { ...common('none.yaml'), admin: writing.adminUrl, route: 'lab.any' }
    const { code, err } = await run((io) => diffs({ ...asked, top: '20', exchanges: false }, io))
    await writing.close()
    assert.equal(code, 1)
    assert.match(err, /effects: read.*writes: capture or writes: cage/)
  })

  it('says how many places it leaves out', async () => {
    const { out } = await list(false, { top: '1' })
    assert.match(out, /… and \d more: --top \d/)
    assert.equal((await list(false, { top: 'many' })).code, 2)
  })

  it('lists exchanges, and shows one: both answers side by side and every difference', async () => {
    const { out: lines } = await list(false, { exchanges: true })
    assert.match(lines, /mismatch, confirmed +major +GET \/a\?q='it/)
    const id = await idOf()
    const { code, out } = await run((io) =>
      show({ ...options(), id, route: null, whole: false }, io),
    )
    assert.equal(code, 0)
    assert.match(out, /"views": 9007199254740993, +\| +"views": 1,/)
    assert.match(out, /^\/views +value +major +9007199254740993 +1$/m)
    assert.match(out, /php#1: PHP writes an empty map as \[\]/)
    assert.match(out, /authorization: Bearer hmac:/i)
    assert.ok(!drivesTerminal(out) && !out.includes('verysecret'))
  })

  it('shows the one of a route, where it is named', async () => {
    const id = await idOf()
    const of = (route: string) => run((io) => show({ ...options(), id, route, whole: false }, io))
    assert.equal((await of('lab.any')).code, 0)
    assert.equal((await of('another')).code, 1)
  })

  it('prints as JSON what the admin API answers', async () => {
    const id = await idOf()
    const { out } = await run((io) => show({ ...options(true), id, route: null, whole: false }, io))
    const answer = await fetch(`${lab.adminUrl}/v1/exemplars/${id}`)
    assert.deepEqual(JSON.parse(out), await answer.json())
  })

  it('prints a curl command that a shell can read', async () => {
    const asked = {
      ...options(),
      id: await idOf(),
      route: null,
      target: 'modern',
      to: 'http://x.test',
    }
    const { code, out, err } = await run((io) => curl(asked, io))
    assert.equal(code, 0)
    assert.match(err, /set \$SECRET_AUTHORIZATION first/)
    const script = `curl() { printf '%s\\n' "$@"; }\n${out}`
    const env = { SECRET_AUTHORIZATION: 'mine' }
    const words = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).split('\n')
    assert.ok(words.includes("http://x.test/a?q='it"), out)
    assert.ok(words.includes('x-banyan-target: modern'))
    assert.ok(words.some((word) => /^authorization: Bearer mine$/i.test(word)))
  })

  it('prints suggestions as YAML, and says where legacy was hardly asked', async () => {
    const { code, out } = await run((io) => suggestRules({ ...options(), route: 'lab.any' }, io))
    assert.equal(code, 0)
    assert.match(out, /^# /m)
  })

  it('has the verdict in the status, of all routes and of one', async () => {
    const all = await run((io) => status({ ...options(), route: null, watch: false }, io))
    assert.match(all.out, /^lab\.any +parity +fail +1 confirmed mismatch/m)
    const one = await run((io) => status({ ...options(), route: 'lab.any', watch: false }, io))
    assert.match(one.out, /parity +fail: 1 confirmed mismatch/)
    assert.match(one.out, /regressions +collecting: /)
  })

  it('exits 1 for what is not there, with the way out', async () => {
    const unknown = await list(false, { route: 'nope' })
    assert.equal(unknown.code, 1)
    const gone = await run((io) =>
      show({ ...options(), id: 'nope', route: null, whole: false }, io),
    )
    assert.equal(gone.code, 1)
    assert.match(gone.err, /no longer/)
  })
})
