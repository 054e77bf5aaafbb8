import { setTimeout as wait } from 'node:timers/promises'
import { samplePrefix } from './recent-answers.ts'

/** What visitors of the worked example ask for, and how often of a hundred. */
const visits: readonly (readonly [path: string, share: number])[] = [
  ['/api/articles?limit=5', 20],
  ['/api/articles?tag=php&limit=5', 5],
  ['/api/articles/{slug}', 20],
  ['/api/tags', 5],
  ['/api/profiles/{username}', 30],
  ['/api/stats', 5],
  ['/api/stats?tagsOf=nobody', 5],
  ['/', 7],
  ['/article/{slug}', 3],
]

const deck = visits.flatMap(([path, share]) => Array.from({ length: share }, () => path))

/** What there is to be visited. */
export interface Sights {
  readonly slugs: readonly string[]
  readonly usernames: readonly string[]
}

interface Listed {
  readonly articles: readonly { slug: string; author: { username: string } }[]
}

const mostSights = 40

/** @param url of whoever lists articles */
export const findSights = async (url: string): Promise<Sights> => {
  const answer = await fetch(new URL(`/api/articles?limit=${mostSights}`, url))
  const { articles } = (await answer.json()) as Listed
  const usernames = new Set(articles.map(({ author }) => author.username))
  return { slugs: articles.map(({ slug }) => slug), usernames: [...usernames] }
}

/** The path with a sight in it, another one each time. */
export const visited = (path: string, number: number, { slugs, usernames }: Sights): string => {
  const pick = (all: readonly string[]): string =>
    encodeURIComponent(all[number % Math.max(1, all.length)] ?? '')
  return path.replace('{slug}', pick(slugs)).replace('{username}', pick(usernames))
}

export interface Traffic {
  stop(): Promise<void>
}

/**
 * A modest stream of visitors: fifty callers, one request every `everyMs`. Failures are Banyan's
 * board to show, so they are not told here.
 */
export const startTraffic = (url: string, sights: Sights, everyMs: number): Traffic => {
  const stop = new AbortController()
  const visit = async (number: number): Promise<void> => {
    // A step coprime to the deck's size deals every card, in an order that looks like a crowd.
    const path = visited(deck[(number * 37) % deck.length] ?? '/', number, sights)
    const headers = {
      'x-user-id': `visitor-${number % 50}`,
      'x-request-id': `${samplePrefix}${number}`,
      'user-agent': 'sample traffic',
    }
    const answer = await fetch(new URL(path, url), { headers, signal: stop.signal })
    await answer.arrayBuffer()
  }
  const run = async (): Promise<void> => {
    for (let number = 0; !stop.signal.aborted; number++) {
      await visit(number).catch(() => {})
      await wait(everyMs, null, { signal: stop.signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    stop() {
      stop.abort()
      return running
    },
  }
}
