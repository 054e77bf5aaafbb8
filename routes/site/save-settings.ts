import { timingSafeEqual } from 'node:crypto'
import type { Transaction } from 'sequelize'
import { z } from 'zod'
import type { ErrorMessages } from '../api-error.ts'
import { html } from '../html.ts'
import { errorsOf, filledText, messages, upTo } from '../input.ts'
import type { Parts } from '../parts.ts'
import { transact } from '../transact.ts'
import type { User } from '../users/model.ts'
import { findTaken } from '../users/taken.ts'
import { type Form, readForm } from './form.ts'
import type { Answer, Page } from './page.ts'
import { showSettings, signInFirst } from './settings.ts'

/** As they were typed. */
interface Typed {
  readonly username: string
  readonly email: string
  readonly image: string
  readonly bio: string
}

const shortText = filledText.refine(...upTo(255, 'characters'))

const schema = z.object({
  username: shortText,
  email: shortText,
  image: filledText.refine(...upTo(1000, 'characters')).exactOptional(),
  bio: filledText.refine(...upTo(65_535, 'bytes')).exactOptional(),
})

/** What may be left empty is not there when it is. */
const filled = ({ image, bio, ...names }: Typed): Partial<Typed> => ({
  ...names,
  ...(image === '' ? {} : { image }),
  ...(bio === '' ? {} : { bio }),
})

const forbidden: Answer = {
  is: 'document',
  status: 403,
  title: 'Forbidden',
  content: html`<h1>Forbidden</h1>
<p>This form has expired. <a href="/login">Sign in again</a></p>
`,
}

const isSame = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const readTyped = (form: Form): Typed => ({
  username: form('username'),
  email: form('email'),
  image: form('image'),
  bio: form('bio'),
})

/** In the legacy's order: what is missing or too long, what is taken, what is no address. */
const findErrors = async (
  { models }: Parts,
  typed: Typed,
  { user, transaction }: { user: User; transaction: Transaction },
): Promise<ErrorMessages> => {
  const result = schema.safeParse(filled(typed))
  const errors = result.success ? {} : errorsOf(result.error)
  const { username, email } = typed
  const names = {
    ...('username' in errors ? {} : { username }),
    ...('email' in errors ? {} : { email }),
  }
  const taken = await findTaken(models, names, { besides: user.id, transaction })
  const told = { ...errors, ...taken }
  return 'email' in told || email.includes('@') ? told : { ...told, email: [messages.wrong] }
}

/** What is wrong with it; nothing: it is saved. */
const save = (parts: Parts, user: User, typed: Typed): Promise<ErrorMessages> =>
  transact(parts.database, async (transaction) => {
    const errors = await findErrors(parts, typed, { user, transaction })
    if (Object.keys(errors).length > 0) return errors
    const { username, email } = typed
    const [image, bio] = [typed.image || null, typed.bio || null]
    const change = { username, email, image, bio, updatedAt: parts.now() }
    // Not through `user`, which the page still shows as it was if this comes to nothing.
    await parts.models.User.update(change, { where: { id: user.id }, transaction })
    return errors
  })

/** `POST /settings` */
export const saveSettings =
  (parts: Parts): Page =>
  async (ctx, { user, token }) => {
    if (user === null) return signInFirst
    const form = await readForm(ctx)
    if (!isSame(token, form('csrf'))) return forbidden
    const { image } = user
    const typed = readTyped(form)
    const errors = await save(parts, user, typed)
    return Object.keys(errors).length === 0
      ? { is: 'redirect', to: '/settings', flash: 'Your settings are saved.' }
      : showSettings({ values: typed, errors, image, token })
  }
