import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { deferred } from '../edge/edge-lab.ts'
import { plainUpstream } from '../edge/plain-config.ts'
import { type ShadowLab, saying, startOrigin, startShadowLab } from './shadow-lab.ts'

const one = saying('{"a":1}')

describe('a reload under a sample', () => {
  let lab: ShadowLab
  afterEach(() => lab.close())

  it('leaves it to the upstreams and the epoch with which it began', async () => {
    const asked = deferred<ServerResponse>()
    lab = await startShadowLab({ legacy: one, modern: (_, answer) => asked.resolve(answer) })
    const other = await startOrigin(saying('{"a":2}'))
    try {
      await lab.ask()
      const answer = await asked.promise
      const node = plainUpstream([other.url], { name: 'node' })
      const upstreams = { ...lab.config.upstreams, node }
      await lab.proxy.reload({ ...lab.config, revision: '000000000002', upstreams })
      await lab.ask()
      await lab.outcomes(1)
      answer.writeHead(200, { 'content-type': 'application/json' }).end('{"a":1}')
      const [second, first] = (await lab.outcomes(2)).map(({ tally }) => tally)
      assert.deepEqual([first?.outcome, second?.outcome], ['identical', 'mismatch'])
      assert.notEqual(first?.epoch, second?.epoch)
      assert.equal(lab.modern.asked.length, 1)
    } finally {
      other.close()
    }
  })
})
