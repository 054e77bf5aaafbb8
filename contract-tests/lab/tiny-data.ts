/** A handful of rows with everything in them that is hard to copy: for tests that count rows. */
import { createMigrator } from '../../migrations/migrator.ts'
import { openDatabase } from '../../migrations/open-database.ts'

const at = '2024-05-01 12:34:56'
/** bcrypt of `jakejake`, as PHP's password_hash writes it. */
const password = '$2y$04$abcdefghijklmnopqrstuuxrlYi1vC9WTkonXujFE3QLeqMCgoVB.'

const times = { created_at: at, updated_at: at }
const article = { author_id: 2, description: 'd', body: 'b', view_count: '1', ...times }

const tables: Readonly<Record<string, readonly object[]>> = {
  users: [
    {
      id: 1,
      email: 'jake@example.com',
      username: 'jake',
      password,
      bio: null,
      image: null,
      ...times,
    },
    {
      ...{ id: 2, email: 'ann@example.com', username: 'Änn O’Neil', password, ...times },
      ...{ bio: 'a/b "c" <d>', image: 'http://example.com/ä.png' },
    },
  ],
  articles: [
    {
      ...article,
      ...{ id: 1, slug: 'hello-world', title: 'Hello <World> & "co"', description: 'a/b 😀' },
      ...{ body: 'line one\nline two', view_count: '9007199254740993' },
    },
    { ...article, id: 2, slug: '中文', title: '中文', view_count: '9007199254740994' },
    {
      ...article,
      id: 3,
      slug: 'by-jake',
      title: 'By Jake',
      author_id: 1,
      created_at: '2024-04-30 00:00:00',
    },
  ],
  tags: [
    { id: 1, name: 'тег' },
    { id: 2, name: 'a/b' },
  ],
  article_tags: [
    { article_id: 1, tag_id: 2, position: 0 },
    { article_id: 1, tag_id: 1, position: 1 },
  ],
  comments: [{ id: 1, article_id: 1, author_id: 1, body: 'nice <b>', ...times }],
  favorites: [{ user_id: 1, article_id: 1, created_at: at }],
  follows: [{ follower_id: 1, followed_id: 2, created_at: at }],
}

/** Migrates the empty database of this URL and fills it. Everybody's password is `jakejake`. */
export const fillTiny = async (url: string): Promise<void> => {
  const database = openDatabase(url, { create: true })
  try {
    await createMigrator(database).up()
    for (const [table, rows] of Object.entries(tables)) {
      await database.getQueryInterface().bulkInsert(table, [...rows])
    }
  } finally {
    await database.close()
  }
}
