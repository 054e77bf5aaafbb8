/** Every row of the worked example, made from one seed: the same on each database and machine. */
import { type Script, scripts, tagNames, traps } from './seed-words.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'

export interface SeedSize {
  /** At least 1: the first is the demo user. */
  readonly users: number
  readonly articles: number
}

export type SeedRow = Readonly<Record<string, string | number | null>>

/** Table → rows, in an order in which they may be inserted. */
export type SeedTables = Readonly<Record<string, readonly SeedRow[]>>

/** Everybody's password is `jakejake`: bcrypt as PHP writes it, at the least cost it allows. */
const password = '$2y$04$e0JhIU8HC.SDbu88BmzaVuXzt4Gb2IshsWoQ3oq/mv3cj8WnxHKKu'

const firstDay = Date.UTC(2024, 0, 1)
const lastDay = Date.UTC(2025, 5, 1)

/** Past 2^53, so that whoever reads it as a double gets it wrong. */
const hugeViews = 9_007_199_254_740_993n

const asTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

const someTime = (random: SeededRandom, fromMs: number): string =>
  asTime(fromMs + random.int(0, 30 * 86_400) * 1000)

const phrase = (random: SeededRandom, { words, gap }: Script, length: number): string =>
  Array.from({ length }, () => random.pick(words)).join(gap)

const sentence = (random: SeededRandom, script: Script): string =>
  phrase(random, script, random.int(4, 14)) + script.stop

const paragraphs = (random: SeededRandom, script: Script): string =>
  Array.from({ length: random.int(1, 5) }, () =>
    Array.from({ length: random.int(1, 5) }, () => sentence(random, script)).join(' '),
  ).join('\n\n')

/** Half of them write in Latin letters. */
const someScript = (random: SeededRandom): Script =>
  random.chance(0.5) ? scripts[0] : random.pick(scripts)

const distinct = (random: SeededRandom, count: number, last: number): readonly number[] => {
  const found = new Set<number>()
  while (found.size < Math.min(count, last)) found.add(random.int(1, last))
  return [...found]
}

const someBio = (random: SeededRandom, script: Script): string | null => {
  if (random.chance(0.25)) return null
  return random.chance(0.2) ? '' : sentence(random, script)
}

const jake: SeedRow = {
  id: 1,
  email: 'jake@example.com',
  username: 'jake',
  password,
  bio: 'I work at statefarm',
  image: null,
  created_at: asTime(firstDay),
  updated_at: asTime(firstDay),
}

const makeUser = (random: SeededRandom, id: number): SeedRow => {
  const script = someScript(random)
  const username = `${random.pick(script.names)}${id}`
  const created = someTime(random, firstDay)
  return {
    id,
    email: `user${id}@example.com`,
    username,
    password,
    bio: someBio(random, script),
    image: random.chance(0.4) ? null : `https://example.com/faces/${id}.png?size=80&v=1`,
    created_at: created,
    updated_at: created,
  }
}

/** Latin titles give plain slugs; the others keep their letters, which a URL has to escape. */
const slugOf = (title: string, id: number): string => {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return [...words.slice(0, 8), id].join('-')
}

const makeArticle = (random: SeededRandom, id: number, { users, articles }: SeedSize): SeedRow => {
  const script = someScript(random)
  const plain = phrase(random, script, random.int(2, 7))
  const title = random.chance(0.1) ? `${plain} ${random.pick(traps)}` : plain
  // Every seventh appears in the same second as the one before: only the id can order them.
  const turn = id % 7 === 0 ? id - 1 : id
  const created = firstDay + Math.floor((turn / articles) * ((lastDay - firstDay) / 1000)) * 1000
  const isHuge = id % 100 === 1 && id < 20_000
  return {
    id,
    slug: slugOf(title, id),
    author_id: random.int(1, users),
    title,
    description: random.chance(0.05) ? '' : sentence(random, script),
    body: paragraphs(random, script),
    view_count: isHuge ? (hugeViews + BigInt(id - 1)).toString() : random.int(0, 250_000),
    created_at: asTime(created),
    updated_at: random.chance(0.3) ? someTime(random, created) : asTime(created),
  }
}

const many = <T>(count: number, make: (id: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1))

const makeComments = (random: SeededRandom, { users, articles }: SeedSize): readonly SeedRow[] =>
  many(articles * 2, (id) => {
    const created = someTime(random, lastDay)
    return {
      id,
      article_id: random.int(1, articles),
      author_id: random.int(1, users),
      body: random.chance(0.1) ? random.pick(traps) : sentence(random, someScript(random)),
      created_at: created,
      updated_at: created,
    }
  })

const makeArticleTags = (random: SeededRandom, { articles }: SeedSize): readonly SeedRow[] =>
  many(articles, (article_id) =>
    distinct(random, random.int(0, 5), tagNames.length).map((tag_id, position) => ({
      article_id,
      tag_id,
      position,
    })),
  ).flat()

const makeFavorites = (random: SeededRandom, { users, articles }: SeedSize): readonly SeedRow[] =>
  many(articles, (article_id) =>
    distinct(random, random.int(0, 6), users).map((user_id) => ({
      user_id,
      article_id,
      created_at: someTime(random, lastDay),
    })),
  ).flat()

const makeFollows = (random: SeededRandom, { users }: SeedSize): readonly SeedRow[] =>
  many(users, (follower_id) =>
    distinct(random, random.int(0, 10), users)
      .filter((followed_id) => followed_id !== follower_id)
      .map((followed_id) => ({ follower_id, followed_id, created_at: someTime(random, lastDay) })),
  ).flat()

/** Pure. Each table has chance of its own, so that a change to one leaves the others alone. */
export const makeSeedTables = (size: SeedSize): SeedTables => {
  const people = createSeededRandom(1)
  const texts = createSeededRandom(2)
  return {
    users: [
      jake,
      ...many(size.users, (id) => id)
        .slice(1)
        .map((id) => makeUser(people, id)),
    ],
    articles: many(size.articles, (id) => makeArticle(texts, id, size)),
    tags: tagNames.map((name, index) => ({ id: index + 1, name })),
    article_tags: makeArticleTags(createSeededRandom(3), size),
    comments: makeComments(createSeededRandom(4), size),
    favorites: makeFavorites(createSeededRandom(5), size),
    follows: makeFollows(createSeededRandom(6), size),
  }
}
