import assert from 'node:assert/strict'
import { type AdminLab, startAdmin } from './admin-lab.ts'

const headers = { 'content-type': 'application/json' }

describe('recording by the admin listener', () => {
  let lab: AdminLab
  before(async () => {
    lab = await startAdmin()
  })
  after(() => lab.close())
  const order = (body: object) =>
    lab.admin({ method: 'POST', path: '/v1/recording', headers, body: JSON.stringify(body) })
  const current = async () =>
    (JSON.parse((await lab.admin({ path: '/v1/recording' })).text) as { recording: unknown })
      .recording

  for (const [body, says] of [
    [{ for: 'soon' }, /for.{0,2} must be a duration/],
    [{ for: '25h' }, /at most 24h/],
    [{ limit: 0 }, /limit.{0,2} must be a whole number/],
    [{ size: '9GiB' }, /at most 4GiB/],
    [{ routes: 'all' }, /routes.{0,2} must be a list/],
    [{ routes: ['nowhere'] }, /no route \\"nowhere\\"/],
  ] as const)
    it(`refuses ${JSON.stringify(body)}`, async () => {
      const { status, text } = await order(body)
      assert.ok(status === 422 || status === 404, text)
      assert.match(text, says)
      assert.equal(await current(), null)
    })

  it('says that nothing is recorded when there is nothing to end', async () => {
    const { status, text } = await lab.admin({ method: 'DELETE', path: '/v1/recording', headers })
    assert.equal(status, 404)
    assert.match(text, /recording_unknown/)
  })

  it('streams one recording at a time, to its last line, and logs who began and ended it', async () => {
    const recorded = order({ for: '1m', routes: ['articles.list'] })
    while ((await current()) === null);
    const second = await order({})
    assert.equal(second.status, 409)
    assert.match(second.text, /recording_running/)
    await lab.admin({ method: 'DELETE', path: '/v1/recording', headers })
    const { status, text } = await recorded
    assert.equal(status, 200)
    const lines = text.trim().split('\n')
    assert.match(lines[0] ?? '', /^\{"recording":1,.*"routes":\["articles.list"\]\}$/)
    assert.match(lines.at(-1) ?? '', /^\{"end":.*"why":"stopped"/)
    const changes = lab.heard.filter(({ event }) => event === 'admin_change')
    const told = changes.map(({ fields }) => `${fields?.action} ${fields?.result}`)
    assert.ok(told.includes('record done') && told.includes('stop_recording done'), told.join())
    assert.equal(await current(), null)
  })
})
