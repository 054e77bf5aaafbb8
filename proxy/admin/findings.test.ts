import assert from 'node:assert/strict'
import { type ShadowLab, saying, startShadowLab } from '../shadow/shadow-lab.ts'

interface Reply {
  readonly status: number
  // Whatever the admin API answers; each test looks at what it is about.
  // biome-ignore lint/suspicious/noExplicitAny: read as a client would
  readonly body: any
}

const legacySays = saying('{"views":9007199254740993,"tags":["a","b"],"meta":[]}')
const modernSays = saying('{"views":9007199254740992,"tags":["b","a"],"meta":{}}')

describe('what comparisons found, in the admin API', () => {
  let lab: ShadowLab
  const get = async (path: string): Promise<Reply> => {
    const answer = await fetch(`${lab.adminUrl}${path}`)
    return { status: answer.status, body: await answer.json() }
  }

  before(async () => {
    const compare = ['php', { order: '/tags', is: 'ignored', why: 'a set' }]
    const route = { compare }
    lab = await startShadowLab({ legacy: legacySays, modern: modernSays, route })
    await lab.ask({ path: '/a?token=verysecret', headers: { authorization: 'Bearer verysecret' } })
    await lab.ask({ path: '/b' })
    await lab.outcomes(2)
  })
  after(() => lab.close())

  it('has every place with its count, an example, and the rule that excuses it', async () => {
    const { diffs } = (await get('/v1/routes/lab.any/diffs')).body
    assert.deepEqual(
      diffs.places.map((one: Reply['body']) => [one.pattern, one.kind, one.as, one.rule?.id]),
      [
        ['/views', 'precision', 'difference', undefined],
        ['/meta', 'type', 'excused', 'php#1'],
        ['/tags', 'order', 'excused', 'lab.any#2'],
      ],
    )
    const [views, meta] = diffs.places
    assert.equal(views.count, 2)
    assert.equal(views.confirmed, true)
    assert.deepEqual(
      [views.example.legacy, views.example.modern],
      ['9007199254740993', '9007199254740992'],
    )
    assert.equal(meta.rule.why, 'PHP writes an empty map as []')
    assert.deepEqual(diffs.outcomes, { mismatch: 2 })
  })

  it('says what the gates make of it, at the route as well', async () => {
    const { evidence } = (await get('/v1/routes/lab.any')).body
    const [parity] = evidence.gates
    assert.deepEqual([parity.name, parity.verdict, parity.reason], ['parity', 'fail', 'confirmed'])
    assert.match(parity.sentence, /2 confirmed mismatches/)
    const { routes } = (await get('/v1/routes')).body
    assert.equal(routes[0].evidence.confirmed, 2)
  })

  it('lists exchanges by outcome and place, and shows one without its secrets', async () => {
    const { exemplars } = (await get('/v1/routes/lab.any/exemplars?outcome=mismatch&place=/views'))
      .body
    assert.equal(exemplars.length, 2)
    const none = (await get('/v1/routes/lab.any/exemplars?place=/nowhere')).body
    assert.deepEqual(none.exemplars, [])
    const { body } = await get(`/v1/exemplars/${exemplars[1].id}`)
    assert.equal(body.request.method, 'GET')
    assert.match(body.legacy.body.bytes.$text, /9007199254740993/)
    assert.equal(body.rules['lab.any#2'], 'a set')
    assert.ok(!JSON.stringify(body).includes('verysecret'))
  })

  it('refuses what makes no sense, with the way out', async () => {
    const cases: readonly (readonly [string, number, RegExp])[] = [
      ['/v1/routes/nope/diffs', 404, /route_unknown/],
      ['/v1/exemplars/nope', 404, /exemplar_unknown/],
      ['/v1/routes/lab.any/exemplars?outcome=odd', 422, /identical, equivalent/],
      ['/v1/routes/lab.any/exemplars?limit=0', 422, /from 1 to 200/],
    ]
    for (const [path, status, words] of cases) {
      const reply = await get(path)
      assert.equal(reply.status, status, path)
      assert.match(JSON.stringify(reply.body), words)
    }
  })

  it('suggests nothing where legacy showed nothing against itself', async () => {
    const { body } = await get('/v1/routes/lab.any/suggested-rules')
    assert.equal(body.repeats, 2)
    assert.deepEqual(body.suggestions, [])
  })

  it('has a gauge for each verdict', async () => {
    // A page shows what was put together for the one before it, and is kept for a second.
    const hasTrials = (page: string): boolean => page.includes('evidence_trials{route="lab.any"} 2')
    let text = ''
    while (!hasTrials(text)) text = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    assert.match(text, /banyan_gate_verdict\{route="lab.any",gate="parity",verdict="fail"\} 1/)
    assert.match(text, /banyan_unseen_shapes_ratio\{route="lab.any"\} 0?\.?\d/)
  })
})
