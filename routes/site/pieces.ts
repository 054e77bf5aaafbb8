/** What several pages show alike, and the addresses they link to. */
import { html, type Markup } from '../html.ts'

const percent = (text: string, characters: RegExp): string =>
  encodeURIComponent(text).replace(
    characters,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** For a segment of a path, as PHP's `rawurlencode` writes it. */
export const segment = (text: string): string => percent(text, /[!'()*]/g)

/** For a value of a query, as PHP's `urlencode` writes it. */
export const queryValue = (text: string): string =>
  percent(text, /[!'()*~]/g).replaceAll('%20', '+')

/** Digits in groups of three, however many they are. */
export const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',')

/** Text with its line breaks shown: both kept and marked, as PHP's `nl2br` does. */
export const withBreaks = (text: string): readonly Markup[] =>
  text
    .split(/(\r\n|\n\r|\n|\r)/)
    .map((part, at) => (at % 2 === 0 ? html`${part}` : html`<br />${part}`))

/** A user's picture; nothing where there is none, and for what a browser must not be sent to. */
export const picture = (address: string | null): Markup | null =>
  /^(?:https?:\/\/|\/avatar\/)/i.test(address ?? '')
    ? html`<img class="picture" src="${address}" alt="" onerror="this.style.display='none'">`
    : null

export const tagList = (names: readonly string[]): Markup => html`<ul class="tags">
${names.map((name) => html`<li><a href="/?tag=${queryValue(name)}">${name}</a></li>\n`)}</ul>
`

/** The field by which a form shows that it was made for this session. */
export const tokenField = (token: string): Markup =>
  html`<input type="hidden" name="csrf" value="${token}">`
