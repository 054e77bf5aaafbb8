import { readInput } from '../input.ts'
import type { Handler, Parts } from '../parts.ts'
import { tagArticle } from '../tags/tag-article.ts'
import { transact } from '../transact.ts'
import { newArticle } from './input.ts'
import { hasPublishedAt } from './published-at.ts'
import { showArticle } from './show.ts'
import { freeSlug } from './slug.ts'

/** `POST /api/articles` */
export const createArticle =
  ({ database, models, callers, now }: Parts): Handler =>
  async (ctx) => {
    const caller = await callers.required(ctx)
    const { tagList, ...texts } = await readInput(ctx, 'article', newArticle)
    const isPublished = await hasPublishedAt(database)
    const article = await transact(database, async (transaction) => {
      const slug = await freeSlug(models, texts.title, { transaction })
      const time = now()
      const row = {
        ...{ ...texts, slug, authorId: caller.id, createdAt: time, updatedAt: time },
        ...(isPublished ? { publishedAt: time } : {}),
      }
      const created = await models.Article.create(row, { transaction })
      await tagArticle(models, created.id, { names: tagList, transaction })
      return created
    })
    article.author = caller
    ctx.status = 201
    ctx.body = await showArticle(models, article, caller)
  }
