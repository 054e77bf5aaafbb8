import type { Journey, Step } from './journey.ts'
import { missing, register, write } from './steps.ts'

const blank = ["can't be blank"]

const refused = (
  title: string,
  request: Step['request'],
  { status, errors, ...rest }: Pick<Step, 'status' | 'as' | 'body'> & { errors: object },
): Step => ({ title, request, status, shows: { errors }, ...rest })

const text = { title: 'The same title {run}', description: 'd', body: 'b' }

const addresses: readonly Step[] = [
  { ...write('eve', text), keeps: { first: 'article.slug' } },
  {
    ...write('frank', text),
    title: 'frank takes the same title',
    shows: { article: { slug: 'the-same-title-{run}-2' } },
    keeps: { second: 'article.slug' },
  },
  {
    ...write('eve', { ...text, title: '  the SAME: title, {run}!' }),
    title: 'eve takes nearly the same',
    shows: { article: { slug: 'the-same-title-{run}-3' } },
    keeps: { third: 'article.slug' },
  },
  {
    title: 'frank deletes his',
    request: 'DELETE /api/articles/{second}',
    as: 'frank',
    status: 204,
  },
  {
    title: 'eve’s third moves up when it gets another title',
    request: 'PUT /api/articles/{third}',
    as: 'eve',
    body: { article: { title: 'The same title {run}' } },
    status: 200,
    shows: { article: { slug: 'the-same-title-{run}-2' } },
    keeps: { third: 'article.slug' },
  },
  {
    title: 'the same title keeps its address',
    request: 'PUT /api/articles/{third}',
    as: 'eve',
    body: { article: { title: 'The same title {run}', body: 'changed' } },
    status: 200,
    shows: { article: { slug: '{third}', body: 'changed' } },
  },
]

const others: readonly Step[] = [
  refused('frank may not change eve’s', 'PUT /api/articles/{first}', {
    as: 'frank',
    body: { article: { title: '' } },
    status: 403,
    errors: { article: ['forbidden'] },
  }),
  refused('frank may not delete eve’s', 'DELETE /api/articles/{first}', {
    as: 'frank',
    status: 403,
    errors: { article: ['forbidden'] },
  }),
  refused('a stranger may do nothing', 'DELETE /api/articles/{first}', {
    status: 401,
    errors: { token: ['is missing'] },
  }),
  refused('a bad token is no token', 'POST /api/articles/{first}/favorite', {
    as: 'first',
    status: 401,
    errors: { token: ['is invalid'] },
  }),
  missing('nobody comments on what is not there', 'POST /api/articles/no-{run}/comments', {
    what: 'article',
    as: 'frank',
  }),
]

const mistakes: readonly Step[] = [
  refused('eve’s name is taken', 'POST /api/users', {
    body: { user: { username: 'eve-{run}', email: 'e-{run}@example.com', password: '12345678' } },
    status: 422,
    errors: { username: ['has already been taken'] },
  }),
  refused('a user needs everything', 'POST /api/users', {
    body: { user: { username: ' ', password: '1234567' } },
    status: 422,
    errors: { username: blank, email: blank, password: ['is too short (minimum is 8 characters)'] },
  }),
  refused('an article needs texts and a list of tags', 'POST /api/articles', {
    as: 'eve',
    body: { article: { title: 7, description: ' ', tagList: 'a,b' } },
    status: 422,
    errors: { title: blank, description: blank, body: blank, tagList: ['is not valid'] },
  }),
  refused('a comment needs a text', 'POST /api/articles/{first}/comments', {
    as: 'frank',
    body: {},
    status: 422,
    errors: { body: blank },
  }),
  refused('a title has to fit', 'PUT /api/articles/{first}', {
    as: 'eve',
    body: { article: { title: '😀'.repeat(256) } },
    status: 422,
    errors: { title: ['is too long (maximum is 255 characters)'] },
  }),
  refused('what is no JSON is not read', 'POST /api/articles', {
    as: 'eve',
    body: '{"article":',
    status: 400,
    errors: { body: ['is not valid JSON'] },
  }),
]

export const conflicts: Journey = {
  title: 'people in one another’s way',
  steps: [register('eve'), register('frank'), ...addresses, ...others, ...mistakes],
}
