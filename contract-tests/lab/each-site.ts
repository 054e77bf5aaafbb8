/** One suite for the rewritten pages, on every database, over sessions in memory. */
import { openDatabase } from '../../migrations/open-database.ts'
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
  /** Runs statements behind the site's back. */
  run(sql: string, values?: readonly unknown[]): Promise<void>
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
    suite({
      sessions,
      stranger: () => createBrowser(modern().url),
      member: (userId) => createBrowser(modern().url, sessions.start({ user_id: userId })),
      async run(sql, values = []) {
        const database = openDatabase(lab().url)
        try {
          await database.query(sql, { replacements: [...values] })
        } finally {
          await database.close()
        }
      },
      failures: () => modern().failures,
    })
  })
}
