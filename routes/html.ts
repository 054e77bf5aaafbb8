/** HTML as a template: what is put into it is text, and escaped, unless it came from here itself. */

const source: unique symbol = Symbol('source')

/** A piece of HTML. Only `html` makes one: nothing that was parsed or read can pass for it. */
export interface Markup {
  readonly [source]: string
}

/** What may be put into a template. Null is nothing. */
export type Piece = string | number | Markup | null | readonly Piece[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#039;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => entities[found] ?? '')

const sourceOf = (piece: Piece): string => {
  if (piece === null) return ''
  if (typeof piece !== 'object') return escaped(String(piece))
  return source in piece ? piece[source] : piece.map(sourceOf).join('')
}

/**
 * Text is escaped for content and for attributes in quotes. That makes no address safe to follow:
 * whoever fills `href` or `src` looks at its scheme.
 */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  [source]: String.raw({ raw: strings }, ...pieces.map(sourceOf)),
})

/** The text to send. */
export const renderHtml = (markup: Markup): string => markup[source]
