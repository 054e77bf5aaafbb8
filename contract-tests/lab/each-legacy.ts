/** One suite, every way in which a sample legacy runs. */
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { borrowDatabase } from './borrow-database.ts'
import type { DatabaseForm, LentDatabase } from './database.ts'
import { describeWith } from './left-out.ts'
import { type Legacy, type LegacyForm, startPhp, startRuby } from './legacy.ts'
import { probeMariadb, probePhp, probeRuby } from './native.ts'
import { fillTiny } from './tiny-data.ts'

export type Language = 'php' | 'ruby'

const start = { php: startPhp, ruby: startRuby } as const
/** Shared by all who issue tokens and sessions here. */
export const jwtSecret = 'a secret of the tests'

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token as the Ruby sample issues it, or one that is wrong in some way. */
export const makeToken = (
  claims: object,
  header: object = { alg: 'HS256', typ: 'JWT' },
): string => {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac('sha256', jwtSecret).update(signed).digest('base64url')}`
}

const authorize = (id: number, username: string): Record<string, string> => ({
  authorization: `Token ${makeToken({ id, username, exp: 4_000_000_000 })}`,
})

/** The demo user's, for an Authorization header. */
export const jake = (): Record<string, string> => authorize(1, 'jake')

/** Who wrote `hello-world`; jake follows her. */
export const ann = (): Record<string, string> => authorize(2, 'Änn O’Neil')

/** A running legacy, and the database below it. */
export interface LegacyUnderTest extends Legacy {
  readonly databaseUrl: string
}

type Suite = (legacy: () => LegacyUnderTest) => void

const describeOne = (
  language: Language,
  form: LegacyForm,
  database: DatabaseForm,
  suite: Suite,
): void => {
  let store: LentDatabase | null = null
  let legacy: LegacyUnderTest | null = null
  // With a space: a path like that must do, too.
  const dir = mkdtempSync(join(tmpdir(), 'banyan legacy '))
  before(async function () {
    this.timeout(90_000)
    store = await borrowDatabase({ form: database, dir })
    await fillTiny(store.url)
    const databaseUrl = store.url
    legacy = { databaseUrl, ...(await start[language]({ databaseUrl, jwtSecret, form, dir })) }
  })
  after(async function () {
    this.timeout(60_000)
    await legacy?.close()
    await store?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  suite(() => {
    if (legacy === null) throw new TypeError('the legacy is there only while tests run')
    return legacy
  })
}

const php = await probePhp()
const ruby = await probeRuby()
const mariadb = await probeMariadb()

const worlds = {
  php: [
    { form: 'embedded', database: 'sqlite', needs: {} },
    { form: 'native', database: 'sqlite', needs: { php } },
    { form: 'native', database: 'mariadb', needs: { php, mariadb } },
  ],
  ruby: [
    { form: 'embedded', database: 'sqlite', needs: {} },
    { form: 'native', database: 'mariadb', needs: { ruby, mariadb } },
  ],
} as const

/**
 * Describes a suite once for each way this language's sample runs, over the rows of `fillTiny`.
 *
 * @param suite gets a function that returns the running legacy; call it in hooks and tests only
 */
export const eachLegacy = (language: Language, suite: Suite): void => {
  for (const { form, database, needs } of worlds[language]) {
    describeWith(needs, `${language} ${form} on ${database}`, () => {
      describeOne(language, form, database, suite)
    })
  }
}
