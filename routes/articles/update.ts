import { readInput } from '../input.ts'
import type { Handler, Parts } from '../parts.ts'
import { transact } from '../transact.ts'
import { findOwnArticle } from './find.ts'
import { articleChanges } from './input.ts'
import { showArticle } from './show.ts'
import { freeSlug } from './slug.ts'

/** `PUT /api/articles/:slug`: what is not named stays; another title gives another slug. */
export const updateArticle =
  ({ database, models, callers, now }: Parts): Handler =>
  async (ctx) => {
    const { slug = '' } = ctx.params
    const caller = await callers.required(ctx)
    // Whoever may not write is told so, whatever was sent.
    await findOwnArticle(models, slug, { caller })
    const changes = await readInput(ctx, 'article', articleChanges)
    const article = await transact(database, async (transaction) => {
      const found = await findOwnArticle(models, slug, { caller, transaction })
      const { title = found.title } = changes
      const renamed =
        title === found.title
          ? {}
          : { slug: await freeSlug(models, title, { besides: found.id, transaction }) }
      return found.update({ ...changes, ...renamed, updatedAt: now() }, { transaction })
    })
    ctx.body = await showArticle(models, article, caller)
  }
