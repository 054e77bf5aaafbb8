import { notFound } from '../api-error.ts'
import type { Handler, Parts } from '../parts.ts'
import { presentArticle } from './presenter.ts'
import { readSurroundings } from './surroundings.ts'

/** `GET /api/articles/:slug` */
export const getArticle =
  ({ models, callers }: Parts): Handler =>
  async (ctx) => {
    const { slug = '' } = ctx.params
    const caller = await callers.optional(ctx)
    const article = await models.Article.findOne({
      where: { slug },
      include: { association: 'author', required: true },
      order: ['id'],
    })
    if (article === null) throw notFound('article')
    const around = await readSurroundings(models, [article], caller)
    ctx.body = { article: presentArticle(article, around) }
  }
