import assert from 'node:assert/strict'
import { type AdminLab, type Ask, type Reply, startAdmin } from './admin-lab.ts'
import type { Question } from './change-paths.ts'

const post = (path: string, body: unknown = {}): Ask => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
})
const bodyOf = ({ text }: Reply) => JSON.parse(text)
const counted = async (lab: AdminLab): Promise<string[]> => {
  const page = (await lab.metrics.page('identity')).toString()
  const lines = page.split('\n').filter((line) => line.startsWith('banyan_admin_requests_total'))
  return lines.filter((line) => !line.endsWith(' 0'))
}

describe('changes by the admin API', () => {
  let lab: AdminLab
  afterEach(() => lab.close())

  it('kill a route, show it, and lift the kill again', async () => {
    lab = await startAdmin()
    const order = { scope: 'route:articles.list', for: '2h', reason: 'errors since 9:00' }
    const killed = await lab.admin(post('/v1/kills', order))
    assert.equal(killed.status, 201)
    const { kill, survivesRestart } = bodyOf(killed)
    assert.deepEqual(kill, {
      scope: 'route:articles.list',
      reason: 'errors since 9:00',
      since: '1970-01-01T00:00:00.000Z',
      until: '1970-01-01T02:00:00.000Z',
    })
    assert.equal(survivesRestart, true)
    const route = bodyOf(await lab.admin({ path: '/v1/routes/articles.list' }))
    assert.deepEqual([route.effective.primary, route.effective.reason], ['legacy', 'kill'])
    assert.deepEqual(bodyOf(await lab.admin({ path: '/v1/status' })).kills, [kill])
    const lifted = await lab.admin({ method: 'DELETE', path: '/v1/kills/route:articles.list' })
    assert.deepEqual(bodyOf(lifted).lifted, kill)
    assert.deepEqual(bodyOf(await lab.admin({ path: '/v1/kills' })), { kills: [] })
    assert.deepEqual(await counted(lab), [
      'banyan_admin_requests_total{action="kill",result="done"} 1',
      'banyan_admin_requests_total{action="lift",result="done"} 1',
    ])
  })

  const refused: readonly (readonly [string, unknown, number, RegExp])[] = [
    [
      'a scope of no kind',
      { scope: 'articles', for: '1h', reason: 'r' },
      422,
      /"all", "shadow", "route:ID"/,
    ],
    [
      'a misspelt route',
      { scope: 'route:articles', for: '1h', reason: 'r' },
      404,
      /no route of this id/,
    ],
    ['a misspelt upstream', { scope: 'upstream:phq', for: '1h', reason: 'r' }, 422, /no upstream/],
    [
      'an inherited name',
      { scope: 'upstream:constructor', for: '1h', reason: 'r' },
      422,
      /no upstream/,
    ],
    ['no duration', { scope: 'all', reason: 'r' }, 422, /"2h"/],
    ['a duration of no unit', { scope: 'all', for: '2', reason: 'r' }, 422, /"2h"/],
    ['a kill for a week', { scope: 'all', for: '7d', reason: 'r' }, 422, /at most 24h/],
    ['no reason', { scope: 'all', for: '1h' }, 422, /"reason" must be a string/],
    ['an empty reason', { scope: 'all', for: '1h', reason: ' ' }, 422, /needs a reason/],
  ]
  for (const [what, order, status, detail] of refused) {
    it(`refuse a kill with ${what}`, async () => {
      lab = await startAdmin()
      const reply = await lab.admin(post('/v1/kills', order))
      assert.equal(reply.status, status)
      assert.match(bodyOf(reply).detail, detail)
      assert.deepEqual(await counted(lab), [
        'banyan_admin_requests_total{action="kill",result="refused"} 1',
      ])
    })
  }

  it('do not find a kill that is not there', async () => {
    lab = await startAdmin()
    const reply = await lab.admin({ method: 'DELETE', path: '/v1/kills/all' })
    assert.deepEqual([reply.status, bodyOf(reply).code], [404, 'kill_unknown'])
  })

  it('tell what a reload did', async () => {
    const outcome = { result: 'applied' as const, revision: 'r2', diagnostics: [] }
    lab = await startAdmin({}, { reload: async () => outcome })
    const reply = await lab.admin(post('/v1/config:reload'))
    assert.equal(reply.status, 200)
    assert.deepEqual(bodyOf(reply), outcome)
    assert.ok(
      lab.heard.some(
        ({ event, fields }) => event === 'admin_change' && fields.result === 'applied',
      ),
    )
  })

  it('answer a rejected config with its diagnostics and the revision that stays', async () => {
    const diagnostics = [{ code: 'unknown_key', at: 'banyan.yaml:3:1' }]
    const reload = async () => ({ result: 'rejected' as const, revision: 'r1', diagnostics })
    lab = await startAdmin({}, { reload })
    const reply = await lab.admin(post('/v1/config:reload'))
    const problem = bodyOf(reply)
    assert.deepEqual([reply.status, problem.code], [422, 'config_rejected'])
    assert.deepEqual([problem.revision, problem.diagnostics], ['r1', diagnostics])
  })

  it('count a reload that fails inside', async () => {
    lab = await startAdmin({}, { reload: () => Promise.reject(new Error('worker died')) })
    assert.equal((await lab.admin(post('/v1/config:reload'))).status, 500)
    assert.deepEqual(await counted(lab), [
      'banyan_admin_requests_total{action="reload",result="failed"} 1',
    ])
  })

  it('hand a question on as it was asked', async () => {
    lab = await startAdmin(
      {},
      { explain: ({ method, headers, key }: Question) => [method, headers, key] },
    )
    const question = { method: 'get', url: '/api/articles?x=1', headers: { 'X-User-Id': '7' } }
    assert.deepEqual(bodyOf(await lab.admin(post('/v1/explain', question))), [
      'GET',
      ['X-User-Id', '7'],
      null,
    ])
  })

  const badQuestions: readonly (readonly [string, unknown])[] = [
    ['no url', { method: 'GET' }],
    ['a url of another host', { method: 'GET', url: 'http://evil.example/' }],
    ['headers in a list', { method: 'GET', url: '/', headers: [] }],
    ['a key that is a number', { method: 'GET', url: '/', key: 7 }],
  ]
  for (const [what, question] of badQuestions) {
    it(`refuse a question with ${what}`, async () => {
      lab = await startAdmin()
      assert.equal((await lab.admin(post('/v1/explain', question))).status, 422)
    })
  }
})
