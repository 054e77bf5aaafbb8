import { literal, Op, type WhereOptions } from 'sequelize'
import { queryText } from '../legacy-text.ts'
import type { Handler, Parts } from '../parts.ts'
import type { Article } from './model.ts'
import { showPage } from './page.ts'

/**
 * Query parameter → the articles it leaves; `?` stands for the escaped value. Subqueries rather
 * than joins: a tag's name may repeat, and an article must not.
 */
const filters = {
  tag: `SELECT x.article_id FROM article_tags x JOIN tags t ON t.id = x.tag_id WHERE t.name = ?`,
  favorited: `SELECT f.article_id FROM favorites f JOIN users v ON v.id = f.user_id
    WHERE v.username = ?`,
  author: `SELECT a.id FROM articles a JOIN users w ON w.id = a.author_id WHERE w.username = ?`,
} as const

const whereOf = (query: string, quote: (text: string) => string): WhereOptions<Article> => {
  const chosen = Object.entries(filters).flatMap(([name, select]) => {
    const text = queryText(query, name)
    return text === null ? [] : [literal(`(${select.replace('?', () => quote(text))})`)]
  })
  return { [Op.and]: chosen.map((ids) => ({ id: { [Op.in]: ids } })) }
}

/** `GET /api/articles?tag&author&favorited&limit&offset`: newest first, without bodies. */
export const listArticles =
  ({ database, models, callers }: Parts): Handler =>
  async (ctx) => {
    const { querystring: query } = ctx
    const caller = await callers.optional(ctx)
    const where = whereOf(query, (text) => database.escape(text))
    ctx.body = await showPage(models, where, { query, caller })
  }
