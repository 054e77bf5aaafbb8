import type { Models } from '../models.ts'
import type { User } from '../users/model.ts'
import type { Article } from './model.ts'
import { type ArticleJson, presentArticle } from './presenter.ts'
import { readSurroundings } from './surroundings.ts'

/** One article, read with its author, as the caller sees it. */
export const showArticle = async (
  models: Models,
  article: Article,
  caller: User | null,
): Promise<{ readonly article: ArticleJson }> => {
  const around = await readSurroundings(models, [article], caller)
  return { article: presentArticle(article, around) }
}
