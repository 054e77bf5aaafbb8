/** Articles that are hard to show: markup in every field, addresses that must not be followed. */
import { openDatabase } from '../migrations/open-database.ts'

const at = '2024-03-01 00:00:00'
const times = { created_at: at, updated_at: at }
const markup = '</title><script>alert("x")</script>\'&amp;<!--'

const users = [
  ['Mallory "<b>&\'', 'javascript:alert(1)'],
  [`<img src=x onerror=alert(1)>`, `https://example.com/"onload="alert(1)`],
] as const

const pages = 24

/** Adds two users with articles and comments, and enough articles for three pages of the list. */
export const addHostileArticles = async (databaseUrl: string): Promise<void> => {
  const database = openDatabase(databaseUrl)
  const add = (table: string, rows: readonly object[]) =>
    database.getQueryInterface().bulkInsert(table, [...rows])
  const articles = [...Array(pages).keys()].map((index) => ({
    ...{ id: 100 + index, slug: index < 2 ? `hostile-${index}` : `"'<&>~!()*+ ${index}`, ...times },
    ...{ author_id: 100 + (index % 2), title: `${markup} ${index}`, description: markup },
    ...{
      body: `a\r\nb\rc\n\rd\n\n${markup}\u2028e`,
      view_count: '9007199254740993'.slice(0, 1 + (index % 16)),
    },
  }))
  const tags = [markup, 'many', "~!'()* +"]
  try {
    await add(
      'users',
      users.map(([username, image], index) => ({
        ...{ id: 100 + index, email: `${index}@mallory.example`, username, image, bio: markup },
        ...{ password: '', ...times },
      })),
    )
    await add('articles', articles)
    await add(
      'tags',
      tags.map((name, index) => ({ id: 100 + index, name })),
    )
    await add(
      'article_tags',
      articles.flatMap(({ id }) =>
        tags.map((_, position) => ({ article_id: id, tag_id: 100 + position, position })),
      ),
    )
    await add(
      'comments',
      [101, 100].map((author, index) => ({
        ...{ id: 100 + index, article_id: 100, author_id: author, body: `${markup}\n${index}` },
        ...times,
      })),
    )
  } finally {
    await database.close()
  }
}
