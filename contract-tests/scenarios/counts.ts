import assert from 'node:assert/strict'
import type { Scenario } from './scenario.ts'

export const counts: readonly Scenario[] = [
  {
    route: 'tags.list',
    title: 'lists every tag, in no order',
    url: '/api/tags',
    status: 200,
    unordered: ['tags'],
    holds: ({ json }) => assert.ok((json as { tags: string[] }).tags.length > 5),
  },
  {
    route: 'stats.get',
    title: 'counts past what a float can hold, as text',
    url: '/api/stats',
    status: 200,
    holds: ({ json }) => {
      const stats = json as Record<'articles' | 'comments' | 'views' | 'averageFavorites', string>
      assert.ok(BigInt(stats.views) > BigInt(Number.MAX_SAFE_INTEGER))
      assert.match(stats.averageFavorites, /^\d+\.\d{4}$/)
    },
  },
  {
    route: 'stats.get',
    title: 'counts the tags of an author',
    url: '/api/stats?tagsOf={other}',
    status: 200,
    holds: ({ json }) => {
      const counts = Object.entries((json as { tags: Readonly<Record<string, string>> }).tags)
      assert.ok(counts.length > 0 && counts.every(([, count]) => /^[1-9]\d*$/.test(count)))
    },
  },
  {
    route: 'stats.get',
    title: 'shows no tags at all as PHP shows an empty map',
    url: '/api/stats?tagsOf=nobody-here',
    status: 200,
    holds: ({ json }) => assert.deepEqual((json as { tags: unknown }).tags, []),
  },
]
