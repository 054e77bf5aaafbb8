import type { Journey, Step } from './journey.ts'
import { follow, logIn, register, write } from './steps.ts'

const update = (title: string, user: object, rest: Omit<Partial<Step>, 'title'>): Step => ({
  title,
  request: 'PUT /api/user',
  as: 'carla',
  body: { user },
  status: 200,
  ...rest,
})

const name = 'Кáрла <i> {run} 😀'

const showing: readonly Step[] = [
  {
    title: 'everybody sees what she says of herself',
    request: 'GET /api/articles/{slug}',
    as: 'dan',
    status: 200,
    shows: {
      article: {
        author: {
          username: 'carla-{run}',
          bio: '"I"\n<am> \\ 😀',
          image: 'https://example.com/ü.png?a=1&b=2',
          following: true,
        },
      },
    },
  },
  update(
    'she takes it back',
    { bio: '', image: null },
    { shows: { user: { bio: null, image: null } } },
  ),
]

const renaming: readonly Step[] = [
  update(
    'she takes another name',
    { username: name },
    {
      shows: { user: { username: name, bio: null } },
      keeps: { carla: 'user.token', name: 'user.username' },
    },
  ),
  {
    title: 'dan still follows her',
    request: 'GET /api/articles?author={name}',
    as: 'dan',
    status: 200,
    shows: { articles: [{ author: { username: name, following: true } }], articlesCount: 1 },
  },
  {
    title: 'nobody has her old name',
    request: 'GET /api/profiles/carla-{run}',
    status: 404,
    shows: { errors: { profile: ['not found'] } },
  },
]

const taken: readonly Step[] = [
  update(
    'she cannot take dan’s name and email',
    { username: 'dan-{run}', email: 'dan-{run}@example.com', bio: 'lost' },
    {
      status: 422,
      shows: {
        errors: { username: ['has already been taken'], email: ['has already been taken'] },
      },
    },
  ),
  update(
    'she cannot take what is no email',
    { email: 'carla', password: 'short' },
    {
      status: 422,
      shows: {
        errors: {
          email: ['is not valid'],
          password: ['is too short (minimum is 8 characters)'],
        },
      },
    },
  ),
  {
    title: 'nothing of it has changed',
    request: 'GET /api/user',
    as: 'carla',
    status: 200,
    shows: { user: { username: name, email: 'carla-{run}@example.com', bio: null } },
  },
]

const password: readonly Step[] = [
  update('she takes another password', { password: 'новый {run}' }, {}),
  {
    ...logIn('carla'),
    title: 'the old password is good no more',
    status: 401,
    shows: { errors: { credentials: ['invalid'] } },
    keeps: {},
  },
  logIn('carla', 'новый {run}'),
]

export const account: Journey = {
  title: 'somebody who changes her mind about herself',
  steps: [
    register('carla'),
    register('dan'),
    write('carla', { title: 'About me {run}', description: 'd', body: 'b' }),
    follow('dan', 'carla'),
    update(
      'carla says something of herself',
      { bio: '"I"\n<am> \\ 😀', image: 'https://example.com/ü.png?a=1&b=2' },
      { shows: { user: { username: 'carla-{run}' } } },
    ),
    ...showing,
    ...renaming,
    ...taken,
    ...password,
    {
      title: 'dan stops following her',
      request: 'DELETE /api/profiles/{name}/follow',
      as: 'dan',
      status: 200,
      shows: { profile: { username: name, following: false } },
    },
    {
      title: 'dan cannot follow himself',
      request: 'POST /api/profiles/dan-{run}/follow',
      as: 'dan',
      status: 422,
      shows: { errors: { username: ['is not valid'] } },
    },
  ],
}
