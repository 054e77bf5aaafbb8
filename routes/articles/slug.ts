import { Op, type Transaction } from 'sequelize'
import type { Models } from '../models.ts'

const mostCharacters = 150

/** Lower case as PHP's mb_strtolower has it, which knows no final sigma. */
const lowerCase = (text: string): string => text.replaceAll('Σ', 'σ').toLowerCase()

const withoutDashes = (text: string): string => text.replace(/^-+|-+$/g, '')

/** The part of an article's address that its title gives. Pure. */
export const slugOf = (title: string): string => {
  const dashed = withoutDashes(lowerCase(title).replace(/[^\p{L}\p{N}\p{M}]+/gu, '-'))
  const cut = [...dashed].slice(0, mostCharacters).join('')
  return withoutDashes(cut) || 'article'
}

/**
 * The slug of a title, with the first number from 2 that makes it free where it is taken.
 *
 * @param besides id of the article that may keep its own
 */
export const freeSlug = async (
  { Article }: Models,
  title: string,
  { besides = 0, transaction }: { besides?: number; transaction: Transaction },
): Promise<string> => {
  const slug = slugOf(title)
  // Whoever wants the same title waits here, instead of losing one number after another to the rest.
  const first = { where: { slug }, attributes: ['id'] }
  await Article.findOne({ ...first, transaction, lock: transaction.LOCK.UPDATE })
  for (let number = 1; ; number += 1) {
    const wanted = number === 1 ? slug : `${slug}-${number}`
    const where = { slug: wanted, id: { [Op.ne]: besides } }
    if ((await Article.count({ where, transaction })) === 0) return wanted
  }
}
