import { literal, Op, type WhereOptions } from 'sequelize'
import type { Article } from './model.ts'

/**
 * What is asked for → the articles it leaves; `?` stands for the escaped value. Subqueries rather
 * than joins: a tag's name may repeat, and an article must not.
 */
const filters = {
  tag: `SELECT x.article_id FROM article_tags x JOIN tags t ON t.id = x.tag_id WHERE t.name = ?`,
  favorited: `SELECT f.article_id FROM favorites f JOIN users v ON v.id = f.user_id
    WHERE v.username = ?`,
  author: `SELECT a.id FROM articles a JOIN users w ON w.id = a.author_id WHERE w.username = ?`,
} as const

type Filter = keyof typeof filters

export const filterNames: readonly Filter[] = Object.keys(filters) as Filter[]

/**
 * The articles that are left by all that is asked for.
 *
 * @param asked by the name of a tag, or of a user; null asks for nothing
 * @param quote makes a literal of SQL
 */
export const articlesWhere = (
  asked: Readonly<Partial<Record<Filter, string | null>>>,
  quote: (text: string) => string,
): WhereOptions<Article> => {
  const chosen = filterNames.flatMap((name) => {
    const text = asked[name] ?? null
    return text === null ? [] : [literal(`(${filters[name].replace('?', () => quote(text))})`)]
  })
  return { [Op.and]: chosen.map((ids) => ({ id: { [Op.in]: ids } })) }
}
