import { queryText } from '../legacy-text.ts'
import type { Handler, Parts } from '../parts.ts'
import { articlesWhere, filterNames } from './filter.ts'
import { showPage } from './page.ts'

/** `GET /api/articles?tag&author&favorited&limit&offset`: newest first, without bodies. */
export const listArticles =
  ({ database, models, callers }: Parts): Handler =>
  async (ctx) => {
    const { querystring: query } = ctx
    const caller = await callers.optional(ctx)
    const asked = Object.fromEntries(filterNames.map((name) => [name, queryText(query, name)]))
    const where = articlesWhere(asked, (text) => database.escape(text))
    ctx.body = await showPage(models, where, { query, caller })
  }
