import { setTimeout as wait } from 'node:timers/promises'
import { samplePrefix } from './recent-answers.ts'

/** What visitors of the worked example ask for, and how often of a hundred. */
const visits: readonly (readonly [path: string, share: number])[] = [
  ['/api/articles?limit=5', 30],
  ['/api/articles?tag=php&limit=5', 10],
  ['/api/articles/{slug}', 20],
  ['/api/tags', 10],
  ['/api/profiles/jake', 15],
  ['/api/stats', 5],
  ['/', 7],
  ['/article/{slug}', 3],
]

const deck = visits.flatMap(([path, share]) => Array.from({ length: share }, () => path))

export interface Traffic {
  stop(): Promise<void>
}

/**
 * A modest stream of visitors: fifty callers, one request every `everyMs`. Failures are Banyan's
 * board to show, so they are not told here.
 */
export const startTraffic = (url: string, slug: string, everyMs: number): Traffic => {
  const stop = new AbortController()
  const visit = async (number: number): Promise<void> => {
    // A step coprime to the deck's size deals every card, in an order that looks like a crowd.
    const path = (deck[(number * 37) % deck.length] ?? '/').replace(
      '{slug}',
      encodeURIComponent(slug),
    )
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
