import assert from 'node:assert/strict'
import { describeEachApp } from '../../contract-tests/lab/each-app.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'
import { presentStats } from './presenter.ts'

describeEachApp('stats.get', await probeMariadb(), (app) => {
  it('adds up views past 2^53 without losing a digit, and gives strings', async () => {
    const { body } = await app.get('/api/stats').expect(200)
    assert.deepEqual(body, {
      articles: '3',
      comments: '1',
      views: '18014398509481988',
      averageFavorites: '0.3333',
    })
  })

  it('counts the tags of an author where it is asked to; none at all are a list', async () => {
    const tagsOf = async (author: string): Promise<unknown> => {
      const { body } = await app.get(`/api/stats?tagsOf=${encodeURIComponent(author)}`).expect(200)
      return body.tags
    }
    assert.deepEqual(await tagsOf('Änn O’Neil'), { 'a/b': '1', тег: '1' })
    for (const author of ['jake', 'nobody', "' OR 1=1 --", ':author']) {
      assert.deepEqual(await tagsOf(author), [])
    }
  })
})

describe('presentStats', () => {
  const cases = [
    [0, 0, '0.0000'],
    [0, 7, '0.0000'],
    [7541, 2500, '3.0164'],
    [2, 3, '0.6667'],
    [1, 1, '1.0000'],
    [1, 20_000, '0.0001'],
    [20_001, 20_000, '1.0001'],
    [100_005, 100_000, '1.0001'],
    [1, 20_001, '0.0000'],
    [9_007_199_254_740_991, 2, '4503599627370495.5000'],
  ] as const
  for (const [favorites, articles, average] of cases) {
    it(`averages ${favorites} over ${articles} to ${average}`, () => {
      const stats = presentStats({ articles, comments: 0, favorites, views: '0', tags: null })
      assert.equal(stats.averageFavorites, average)
    })
  }
})
