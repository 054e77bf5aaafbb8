import assert from 'node:assert/strict'
import { saying, startShadowLab } from '../shadow/shadow-lab.ts'

describe('the metrics of comparisons', () => {
  it('are there at zero before anything was sampled, for what a route may come to', async () => {
    const lab = await startShadowLab({ legacy: saying('{}'), modern: saying('{}') })
    const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    await lab.close()
    const lines = page.split('\n').filter((line) => line.startsWith('banyan_comparisons_total{'))
    assert.equal(lines.length, 10)
    for (const line of lines) assert.match(line, /route="lab\.any",shadow="modern",.* 0$/)
  })
})
