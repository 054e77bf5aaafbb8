import assert from 'node:assert/strict'
import { describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

describeEachApp('tags.list', await probeMariadb(), (app) => {
  it('lists every name', async () => {
    const { body } = await app.get('/api/tags').expect(200)
    assert.deepEqual(new Set(body.tags), new Set(['тег', 'a/b']))
    assert.deepEqual(Object.keys(body), ['tags'])
  })
})
