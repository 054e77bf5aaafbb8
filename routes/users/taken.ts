import { Op, type Transaction } from 'sequelize'
import { invalid } from '../api-error.ts'
import { messages } from '../input.ts'
import type { Models } from '../models.ts'

type Names = Readonly<Partial<Record<'username' | 'email', string>>>

interface Look {
  /** Id of the user who may have it. */
  readonly besides?: number
  readonly transaction: Transaction
}

/** What of it somebody else has already, with what to say of it. */
export const findTaken = async (
  { User }: Models,
  { username, email }: Names,
  { besides, transaction }: Look,
): Promise<Record<string, string[]>> => {
  const errors: Record<string, string[]> = {}
  for (const [field, value] of Object.entries({ username, email })) {
    if (value === undefined) continue
    const others = besides === undefined ? {} : { id: { [Op.ne]: besides } }
    const found = await User.count({ where: { [field]: value, ...others }, transaction })
    if (found > 0) errors[field] = [messages.taken]
  }
  return errors
}

/** Throws a 422 that names what of it somebody else has already. */
export const refuseTaken = async (models: Models, names: Names, look: Look): Promise<void> => {
  const errors = await findTaken(models, names, look)
  if (Object.keys(errors).length > 0) throw invalid(errors)
}
