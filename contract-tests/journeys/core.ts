import type { Journey } from './journey.ts'
import { missing, register, write } from './steps.ts'

/** What every step of the schema must leave possible: to write, edit, list, read, delete. */
export const core: Journey = {
  title: 'an article, in short',
  steps: [
    register('hanna'),
    write('hanna', { title: 'Кратко {run}', description: 'd', body: 'b', tagList: ['{run}'] }),
    {
      ...write('hanna', { title: 'Кратко {run}', description: 'd', body: 'b' }),
      title: 'hanna takes the same title again',
      shows: { article: { slug: 'кратко-{run}-2' } },
      keeps: { second: 'article.slug' },
    },
    {
      title: 'both are listed',
      request: 'GET /api/articles?author=hanna-{run}',
      status: 200,
      shows: { articles: [{ slug: '{second}' }, { slug: '{slug}' }], articlesCount: 2 },
    },
    {
      title: 'hanna edits the first',
      request: 'PUT /api/articles/{slug}',
      as: 'hanna',
      body: { article: { title: 'Lang {run}', body: 'c' } },
      status: 200,
      shows: { article: { slug: 'lang-{run}', body: 'c', tagList: ['{run}'] } },
      keeps: { slug: 'article.slug' },
    },
    {
      title: 'it is read as it was edited',
      request: 'GET /api/articles/{slug}',
      status: 200,
      shows: { article: { title: 'Lang {run}', description: 'd', body: 'c' } },
    },
    {
      title: 'hanna deletes it',
      request: 'DELETE /api/articles/{slug}',
      as: 'hanna',
      status: 204,
    },
    missing('it is gone', 'GET /api/articles/{slug}', { what: 'article' }),
  ],
}
