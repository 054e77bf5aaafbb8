import type { ErrorMessages } from '../api-error.ts'
import { html, type Markup } from '../html.ts'
import type { User } from '../users/model.ts'
import type { Answer, Page } from './page.ts'
import { picture, tokenField } from './pieces.ts'

export type Settings = Pick<User, 'username' | 'email' | 'image' | 'bio'>

export const signInFirst: Answer = { is: 'redirect', to: '/login', flash: 'Sign in first.' }

interface Shown {
  readonly values: Settings
  readonly errors: ErrorMessages
  /** Of the picture in use, whatever was typed. */
  readonly image: string | null
  readonly token: string
}

const title = 'Your settings'

const showErrors = (errors: ErrorMessages): readonly Markup[] =>
  Object.entries(errors).map(
    ([field, messages]) => html`<p class="error">${field} ${messages.join(', ')}</p>
`,
  )

const showForms = ({ values, errors, image, token }: Shown): Markup => html`<h1>${title}</h1>
${showErrors(errors)}<form method="post" action="/settings">
${tokenField(token)}
<label>User name <input name="username" value="${values.username}"></label>
<label>E-mail <input type="email" name="email" value="${values.email}"></label>
<label>Address of a picture <input name="image" value="${values.image}"></label>
<label>About you <textarea name="bio" rows="6">
${values.bio}</textarea></label>
<button>Save</button>
</form>
<h2>Your picture</h2>
<form method="post" action="/avatar" enctype="multipart/form-data">
${picture(image)}${tokenField(token)}
<input type="file" name="avatar" accept="image/gif,image/jpeg,image/png">
<button>Upload</button>
</form>
`

/** The form with what was typed; without errors, as it is asked for. */
export const showSettings = (shown: Shown): Answer => ({
  is: 'document',
  status: Object.keys(shown.errors).length === 0 ? 200 : 422,
  title,
  content: showForms(shown),
})

/** `GET /settings` */
export const settingsPage: Page = (_, { user, token }) =>
  user === null ? signInFirst : showSettings({ values: user, errors: {}, image: user.image, token })
