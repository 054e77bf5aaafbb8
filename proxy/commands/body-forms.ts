/** Forms that a body in a file may be said to have, and the media types by which they are compared. */

export const bodyForms = ['json', 'html', 'xml', 'text', 'form', 'binary'] as const
export type BodyForm = (typeof bodyForms)[number]

export const mediaTypes: Readonly<Record<BodyForm, string>> = {
  json: 'application/json',
  html: 'text/html',
  xml: 'application/xml',
  text: 'text/plain',
  form: 'application/x-www-form-urlencoded',
  binary: 'application/octet-stream',
}

export const isBodyForm = (text: string): text is BodyForm =>
  (bodyForms as readonly string[]).includes(text)

const endings: readonly (readonly [BodyForm, RegExp])[] = [
  ['json', /\.json$/i],
  ['html', /\.x?html?$/i],
  ['xml', /\.(?:xml|rss|atom|svg)$/i],
  ['text', /\.(?:txt|md|csv)$/i],
]

/** By the name of a file; null: it says nothing. */
export const formOfName = (name: string): BodyForm | null =>
  endings.find(([, ending]) => ending.test(name))?.[0] ?? null
