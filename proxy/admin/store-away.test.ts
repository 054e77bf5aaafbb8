import assert from 'node:assert/strict'
import { common, run } from '../commands/command-lab.ts'
import { show } from '../commands/show.ts'
import { emptyFindings, startAdmin } from './admin-lab.ts'

const away = 'the store mysql://db.example/banyan cannot be read: connect ECONNREFUSED'

describe('an exemplar of which only a store that is away may know', () => {
  let lab: Awaited<ReturnType<typeof startAdmin>>
  before(async () => {
    const exemplar = () => Promise.reject(new Error(away))
    lab = await startAdmin({ findings: { ...emptyFindings, exemplar } })
  })
  after(() => lab.close())

  it('is not said to be unknown', async () => {
    const { status, text } = await lab.admin({ path: '/v1/exemplars/a' })
    assert.equal(status, 503)
    const problem = JSON.parse(text)
    assert.equal(problem.code, 'store_away')
    assert.equal(problem.detail, `${away}.`)
  })

  it('is shown by no command, which exits 3 and says why', async () => {
    const options = {
      ...common('none.yaml', false),
      id: 'a',
      route: null,
      whole: false,
      admin: lab.url,
    }
    const { code, err } = await run((io) => show(options, io))
    assert.equal(code, 3)
    assert.match(err, /the store .* cannot be read: connect ECONNREFUSED/)
  })
})
