import type { Transaction } from 'sequelize'
import { forbidden, notFound } from '../api-error.ts'
import type { Models } from '../models.ts'
import type { User } from '../users/model.ts'
import type { Article } from './model.ts'

/** Of two with one slug, the older one is the article. Throws a 404 where there is none. */
export const findArticle = async (
  { Article }: Models,
  slug: string,
  transaction?: Transaction,
): Promise<Article> => {
  const article = await Article.findOne({
    where: { slug },
    include: { association: 'author', required: true },
    order: ['id'],
    // What is found in a transaction is about to be written, and must stay until then.
    ...(transaction === undefined ? {} : { transaction, lock: transaction.LOCK.UPDATE }),
  })
  if (article === null) throw notFound('article')
  return article
}

/** As `findArticle`. Throws a 403 where it is somebody else's. */
export const findOwnArticle = async (
  models: Models,
  slug: string,
  { caller, transaction }: { caller: User; transaction?: Transaction },
): Promise<Article> => {
  const article = await findArticle(models, slug, transaction)
  if (article.authorId !== caller.id) throw forbidden('article')
  return article
}
