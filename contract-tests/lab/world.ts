/** A whole world but for Banyan: database → migrate → seed → legacy, in a directory of its own. */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Facts } from './ask.ts'
import { type LabDatabaseOptions, type LentDatabase, startDatabase } from './database.ts'
import { chooseForms, embeddedForms, type Forms } from './forms.ts'
import { type Legacy, startPhp, startRuby } from './legacy.ts'
import { probeMariadb, probePhp, probeRuby } from './native.ts'
import { prepareDatabase } from './seed.ts'
import type { SeedSize } from './seed-data.ts'

export interface WorldOptions {
  readonly forms: Forms
  /** The run's directory; made when missing, removed by whoever made the run. */
  readonly dir: string
  readonly size?: Partial<SeedSize>
  /** Default: one of its own, in its directory. */
  readonly database?: (options: LabDatabaseOptions) => Promise<LentDatabase>
  /** Hears what is being started, one short line each. */
  readonly say?: (line: string) => void
}

export interface World {
  readonly forms: Forms
  readonly dir: string
  readonly database: LentDatabase
  readonly jwtSecret: string
  readonly php: Legacy
  readonly ruby: Legacy
  /** Signs the demo user in and finds articles: what scenarios need to know. */
  facts(): Promise<Facts>
  close(): Promise<void>
}

/** Looks at the machine. `embedded` does not look. */
export const findForms = async (wish: 'native' | 'embedded'): Promise<Forms> => {
  if (wish === 'embedded') return embeddedForms
  const [php, ruby, mariadb] = await Promise.all([probePhp(), probeRuby(), probeMariadb()])
  return chooseForms({ php, ruby, mariadb })
}

const get = async <Json>(url: string): Promise<Json> => (await (await fetch(url)).json()) as Json

interface Written {
  readonly author: { readonly username: string }
}

/** An article with a comment, both by others than the demo user. */
const findCommented = async (php: Legacy): Promise<Pick<Facts, 'slug' | 'comment' | 'other'>> => {
  const foreign = ({ author }: Written): boolean => author.username !== 'jake'
  const { articles } = await get<{ articles: (Written & { slug: string })[] }>(
    `${php.url}/api/articles?limit=100`,
  )
  for (const { slug, author } of articles.filter(foreign)) {
    const url = `${php.url}/api/articles/${encodeURIComponent(slug)}/comments`
    const { comments } = await get<{ comments: (Written & { id: number })[] }>(url)
    const comment = comments.find(foreign)
    if (comment !== undefined) return { slug, comment: String(comment.id), other: author.username }
  }
  throw new Error('nobody but the demo user commented on anything: the world is too small')
}

const learn = async (php: Legacy, ruby: Legacy): Promise<Facts> => {
  const login = await fetch(`${ruby.url}/api/users/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: { email: 'jake@example.com', password: 'jakejake' } }),
  })
  const { user } = (await login.json()) as { user: { token: string } }
  const { articles } = await get<{ articles: { slug: string }[] }>(
    `${php.url}/api/articles?author=jake&limit=1`,
  )
  return { ...(await findCommented(php)), token: user.token, own: articles[0]?.slug ?? '' }
}

/** Rejects, with what had been started ended again, when any part does not start. */
export const startWorld = async (options: WorldOptions): Promise<World> => {
  const { forms, dir, size = {}, database: open = startDatabase, say = () => {} } = options
  const started: { close(): Promise<void> }[] = []
  const close = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.close()
  }
  const keep = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    started.push(part)
    return part
  }
  mkdirSync(dir, { recursive: true })
  try {
    say(`starting the database (${forms.database})`)
    const database = keep(await open({ form: forms.database, dir: join(dir, 'database') }))
    say('migrating and seeding it')
    await prepareDatabase(database.url, size)
    const jwtSecret = randomBytes(32).toString('hex')
    const shared = { databaseUrl: database.url, jwtSecret, dir }
    say(`starting PHP (${forms.php}) and Ruby (${forms.ruby})`)
    const [php, ruby] = await Promise.all([
      startPhp({ ...shared, form: forms.php }).then(keep),
      startRuby({ ...shared, form: forms.ruby }).then(keep),
    ])
    return { forms, dir, database, jwtSecret, php, ruby, facts: () => learn(php, ruby), close }
  } catch (error) {
    await close()
    throw error
  }
}
