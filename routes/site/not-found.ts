import { html } from '../html.ts'
import type { Answer } from './page.ts'

export const notFoundPage: Answer = {
  is: 'document',
  status: 404,
  title: 'Not found',
  content: html`<h1>Not found</h1>
<p>There is no such page. <a href="/">Back to the articles</a></p>
`,
}
