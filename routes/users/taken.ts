import { Op, type Transaction } from 'sequelize'
import { invalid } from '../api-error.ts'
import { messages } from '../input.ts'
import type { Models } from '../models.ts'

type Names = Readonly<Partial<Record<'username' | 'email', string>>>

/** Throws a 422 that names what of it somebody else has already. */
export const refuseTaken = async (
  { User }: Models,
  { username, email }: Names,
  { besides, transaction }: { besides?: number; transaction: Transaction },
): Promise<void> => {
  const errors: Record<string, string[]> = {}
  for (const [field, value] of Object.entries({ username, email })) {
    if (value === undefined) continue
    const others = besides === undefined ? {} : { id: { [Op.ne]: besides } }
    const found = await User.count({ where: { [field]: value, ...others }, transaction })
    if (found > 0) errors[field] = [messages.taken]
  }
  if (Object.keys(errors).length > 0) throw invalid(errors)
}
