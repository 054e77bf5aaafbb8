/** What stands round every page. */
import { html, type Markup, type Piece, renderHtml } from '../html.ts'
import type { User } from '../users/model.ts'
import { tokenField } from './pieces.ts'

export interface Surrounded {
  readonly title: string
  readonly content: Piece
  /** Who is signed in. */
  readonly user: Pick<User, 'username'> | null
  /** The session's token, for forms. */
  readonly token: string
  /** What is said once; null: nothing. */
  readonly flash: string | null
}

const navigation = ({ user, token }: Surrounded): Markup =>
  user === null
    ? html`<a href="/login">Sign in</a>
`
    : html`<a href="/settings">Settings</a>
<span>Signed in as <b>${user.username}</b></span>
<form method="post" action="/logout">${tokenField(token)}<button>Sign out</button></form>
`

/** A whole document. Pure. */
export const renderLayout = (page: Surrounded): string =>
  renderHtml(html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${page.title} · Conduit</title>
<link rel="stylesheet" href="/assets/style.css">
<link rel="icon" href="/assets/icon.svg">
</head>
<body>
<header>
<a class="brand" href="/">conduit</a>
<nav>
<a href="/">Home</a>
<a href="/account">Account</a>
${navigation(page)}</nav>
</header>
${page.flash === null ? null : html`<p class="flash">${page.flash}</p>\n`}<main>
${page.content}</main>
<footer>Conduit, a place to share your knowledge. <a href="/export.csv">All articles as CSV</a></footer>
</body>
</html>
`)
