import type { Journey, Step } from './journey.ts'
import { missing, register, write } from './steps.ts'

/** Text → the address that it gives as a title. What one side writes, the other must read. */
const titles: readonly (readonly [string, string])[] = [
  ['<script>alert("{run}")</script>', 'script-alert-{run}-script'],
  ["Robert'); DROP TABLE articles; -- {run}", 'robert-drop-table-articles-{run}'],
  ['ΟΔΟΣ İ ẞ ǅ {run}', 'οδοσ-i̇-ß-ǆ-{run}'],
  ['हिन्दी में {run} ٣', 'हिन्दी-में-{run}-٣'],
  ['日本語の記事🍣{run}', '日本語の記事-{run}'],
  ['e\u0301 \u00e9 \u200d {run} \\ / %2F', 'e\u0301-\u00e9-{run}-2f'],
  [`{run} ${'long '.repeat(40)}`, `{run}${'-long'.repeat(30)}`],
]

/** By the length of `{run}` in it, the cut falls elsewhere: told by its beginning only. */
const isCut = (title: string): boolean => title.length > 150

const round = ([title, slug]: readonly [string, string]): readonly Step[] => {
  const said = `${title}\n\t\u2028 &amp; \u0000\u0001 ${'\u{1F600}'.repeat(20)}`
  const article = { title, description: title, body: said, tagList: [`${slug.slice(0, 20)} 🏷`] }
  const written = write('gina', article)
  return [
    isCut(title) ? written : { ...written, shows: { article: { ...article, slug } } },
    {
      title: 'it is read as it was written',
      request: 'GET /api/articles/{slug}',
      status: 200,
      shows: { article },
    },
    {
      title: 'a comment says the same',
      request: 'POST /api/articles/{slug}/comments',
      as: 'gina',
      body: { comment: { body: said } },
      status: 200,
      shows: { comment: { body: said } },
      keeps: { comment: 'comment.id' },
    },
    {
      title: 'and is read as it was written',
      request: 'GET /api/articles/{slug}/comments',
      status: 200,
      shows: { comments: [{ body: said }] },
    },
    missing('it is no other article’s', 'DELETE /api/articles/no-{run}/comments/{comment}', {
      what: 'article',
      as: 'gina',
    }),
  ]
}

export const texts: Journey = {
  title: 'texts that are hard to keep',
  steps: [register('gina'), ...titles.flatMap(round)],
}
