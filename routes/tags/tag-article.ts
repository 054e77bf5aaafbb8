import type { Transaction } from 'sequelize'
import type { Models } from '../models.ts'
import type { Tag } from './model.ts'

/** Of two tags with one name, the older one is the tag. */
const findOrCreate = async (
  { Tag }: Models,
  name: string,
  transaction: Transaction,
): Promise<Tag> =>
  (await Tag.findOne({ where: { name }, order: ['id'], transaction })) ??
  Tag.create({ name }, { transaction })

/** Gives a new article its tags, in this order, and makes those that nobody used yet. */
export const tagArticle = async (
  models: Models,
  articleId: number,
  { names, transaction }: { names: readonly string[]; transaction: Transaction },
): Promise<void> => {
  for (const [position, name] of names.entries()) {
    const { id: tagId } = await findOrCreate(models, name, transaction)
    await models.ArticleTag.create({ articleId, tagId, position }, { transaction })
  }
}
