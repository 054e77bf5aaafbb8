import assert from 'node:assert/strict'
import { run } from './command-lab.ts'
import { record } from './record.ts'

const plain = {
  ...{ routes: [], for: '10m', limit: '10', size: '1MiB', out: null },
  ...{ admin: 'http://127.0.0.1:9', config: 'none.yaml', json: false },
}

describe('banyan record', () => {
  it('takes what is beyond a limit for wrong usage, and asks nobody', async () => {
    for (const [part, hint] of [
      [{ for: '25h' }, /at most 24h/],
      [{ for: '0s' }, /at most 24h/],
      [{ for: 'long' }, /at most 24h/],
      [{ size: '5GiB' }, /at most 4GiB/],
      [{ size: '0B' }, /at most 4GiB/],
      [{ limit: '1000001' }, /from 1 to 1000000/],
      [{ limit: '0' }, /from 1 to 1000000/],
    ] as const) {
      const { code, err } = await run((io) => record({ ...plain, ...part }, io))
      assert.equal(code, 2, err)
      assert.match(err, hint)
    }
  })

  it('asks the proxy for what is just within them', async () => {
    const most = { for: '24h', size: '4GiB', limit: '1000000' }
    const { code, err } = await run((io) => record({ ...plain, ...most }, io))
    assert.equal(code, 3, err)
    assert.match(err, /no proxy answers/)
  })
})
