import { Op } from 'sequelize'
import type { Models } from '../models.ts'
import type { User } from '../users/model.ts'

/**
 * Whom of these users the caller follows.
 *
 * @param caller null: nobody is signed in, so nobody is followed
 */
export const readFollowed = async (
  { Follow }: Models,
  caller: User | null,
  userIds: readonly number[],
): Promise<ReadonlySet<number>> => {
  if (caller === null) return new Set()
  const rows = await Follow.findAll({
    attributes: ['followedId'],
    where: { followerId: caller.id, followedId: { [Op.in]: [...new Set(userIds)] } },
    raw: true,
  })
  return new Set(rows.map(({ followedId }) => followedId))
}
