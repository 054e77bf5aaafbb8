import type { Handler, Parts } from '../parts.ts'
import { findArticle } from './find.ts'
import { showArticle } from './show.ts'

/** `GET /api/articles/:slug` */
export const getArticle =
  ({ models, callers }: Parts): Handler =>
  async (ctx) => {
    const { slug = '' } = ctx.params
    const caller = await callers.optional(ctx)
    ctx.body = await showArticle(models, await findArticle(models, slug), caller)
  }
