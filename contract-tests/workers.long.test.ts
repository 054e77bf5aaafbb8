import assert from 'node:assert/strict'
import { beginLoad, startWorkers, type WorkersLab } from '../proxy/workers/workers-lab.ts'

const connections = 50
const rolls = 5
const reloads = 20

describe('workers under fifty connections', function () {
  this.timeout(300_000)
  let lab: WorkersLab
  before(async () => {
    lab = await startWorkers(2)
  })
  after(() => lab.close())

  it(`lose no request over ${rolls} rolling restarts and ${reloads} reloads`, async () => {
    const end = beginLoad(await lab.url(), connections)
    for (let roll = 1; roll <= rolls; roll += 1) {
      await lab.handlers(`build-${roll}`)
      lab.child.kill('SIGUSR2')
      await lab.line('roll_began')
      for (let reload = 1; reload <= reloads / rolls; reload += 1) {
        await lab.write({ tag: `roll-${roll}-${reload}` })
        assert.equal(await lab.change('POST', '/v1/config:reload', {}), 200)
      }
      await lab.line('roll_done')
    }
    const { answers, problems, bodies } = await end()
    assert.deepEqual(problems, [], `of ${answers} answers`)
    assert.ok(answers > 1_000, `only ${answers} answers`)
    assert.ok([...bodies].some((body) => body.endsWith(` build-${rolls}`)))
    const { config } = await lab.json<{ config: { counts: { applied: number } } }>('/v1/status')
    assert.equal(config.counts.applied, reloads)
  })
})
