/** One suite for the rewritten pages, on every database, over sessions in memory. */
import type { SessionValues } from '../../routes/site/sessions.ts'
import { type Browser, createBrowser } from './browser.ts'
import { describeEachDatabase } from './each-database.ts'
import { createMemorySessions, type MemorySessions } from './memory-sessions.ts'
import { type Modern, startModern } from './modern.ts'
import type { Probe } from './native.ts'
import { fillTiny } from './tiny-data.ts'

/** The pages over the rows of tiny-data.ts. Members work in hooks and tests only. */
export interface SiteUnderTest {
  readonly sessions: MemorySessions
  /** Without a session. */
  stranger(): Browser
  /** Somebody who is signed in, by id; jake is 1. */
  member(userId: number): Browser
  /** Somebody whose session holds these values. */
  browser(values: SessionValues): Browser
  databaseUrl(): string
  /** What the app told its `error` event so far. */
  failures(): readonly unknown[]
}

/** Describes a suite once for each database. */
export const describeEachSite = (
  title: string,
  mariadb: Probe,
  suite: (site: SiteUnderTest) => void,
): void => {
  describeEachDatabase(title, mariadb, (lab) => {
    const sessions = createMemorySessions()
    let running: Modern | null = null
    before(async () => {
      await fillTiny(lab().url)
      running = await startModern(lab().url, 'a secret of the tests', { sessions })
    })
    after(() => running?.close())
    const modern = (): Modern => {
      if (running === null) throw new TypeError('the site is there only while tests run')
      return running
    }
    const browser = (values: SessionValues): Browser =>
      createBrowser(modern().url, sessions.start(values))
    suite({
      sessions,
      stranger: () => createBrowser(modern().url),
      member: (userId) => browser({ user_id: userId }),
      browser,
      databaseUrl: () => lab().url,
      failures: () => modern().failures,
    })
  })
}
