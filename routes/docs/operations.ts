/** What each route is for, by its id; where it lies is the router's to say. */
import type { SchemaName } from './schemas.ts'

export type Query = 'tag' | 'author' | 'favorited' | 'limit' | 'offset' | 'tagsOf'

/** Member → what it holds; a list where the name ends in `[]`. */
export type Members = Readonly<Record<string, SchemaName | `${SchemaName}[]` | 'text[]' | 'count'>>

export interface Operation {
  readonly summary: string
  /** `optional`: a token changes what is shown; a bad one is like none. */
  readonly token: 'none' | 'optional' | 'required'
  readonly query?: readonly Query[]
  readonly body?: Members
  readonly status: 200 | 201 | 204
  /** `Stats` as it stands, else an object of these members; null: no body. */
  readonly shows: Members | 'Stats' | null
  /** Statuses of errors, beside the 401 of a required token and those of a body that cannot be read. */
  readonly errors?: readonly (401 | 403 | 404 | 422)[]
}

const page = ['limit', 'offset'] as const
const articles = { articles: 'ArticleSummary[]', articlesCount: 'count' } as const
const user = { user: 'User' } as const
const profile = { profile: 'Profile' } as const
const article = { article: 'Article' } as const

export const operations: Readonly<Record<string, Operation>> = {
  'articles.list': {
    summary: 'Lists articles, newest first',
    ...{ token: 'optional', query: ['tag', 'author', 'favorited', ...page] },
    ...{ status: 200, shows: articles },
  },
  'articles.feed': {
    summary: 'Lists articles of those whom the caller follows, newest first',
    ...{ token: 'required', query: page, status: 200, shows: articles },
  },
  'articles.create': {
    summary: 'Writes an article; its slug comes from its title',
    ...{ token: 'required', body: { article: 'NewArticle' } },
    ...{ status: 201, shows: article, errors: [422] },
  },
  'articles.get': {
    summary: 'Shows an article',
    ...{ token: 'optional', status: 200, shows: article, errors: [404] },
  },
  'articles.update': {
    summary: 'Changes an article of the caller; another title gives another slug',
    ...{ token: 'required', body: { article: 'ArticleChanges' } },
    ...{ status: 200, shows: article, errors: [403, 404, 422] },
  },
  'articles.delete': {
    summary: 'Deletes an article of the caller, with its comments and favorites',
    ...{ token: 'required', status: 204, shows: null, errors: [403, 404] },
  },
  'comments.list': {
    summary: 'Lists the comments of an article, oldest first',
    ...{ token: 'optional', status: 200, shows: { comments: 'Comment[]' }, errors: [404] },
  },
  'comments.create': {
    summary: 'Comments on an article',
    ...{ token: 'required', body: { comment: 'NewComment' } },
    ...{ status: 200, shows: { comment: 'Comment' }, errors: [404, 422] },
  },
  'comments.delete': {
    summary: 'Deletes a comment of the caller',
    ...{ token: 'required', status: 204, shows: null, errors: [403, 404] },
  },
  'favorites.add': {
    summary: 'Favors an article; once is as good as twice',
    ...{ token: 'required', status: 200, shows: article, errors: [404] },
  },
  'favorites.remove': {
    summary: 'Favors an article no more',
    ...{ token: 'required', status: 200, shows: article, errors: [404] },
  },
  'profiles.get': {
    summary: 'Shows what everybody may know of a user',
    ...{ token: 'optional', status: 200, shows: profile, errors: [404] },
  },
  'profiles.follow': {
    summary: 'Follows a user; once is as good as twice',
    ...{ token: 'required', status: 200, shows: profile, errors: [404, 422] },
  },
  'profiles.unfollow': {
    summary: 'Follows a user no more',
    ...{ token: 'required', status: 200, shows: profile, errors: [404] },
  },
  'stats.get': {
    summary: 'Counts articles, comments, views and favorites, exactly',
    ...{ token: 'none', query: ['tagsOf'], status: 200, shows: 'Stats' },
  },
  'tags.list': {
    summary: 'Lists every tag, in no order',
    ...{ token: 'none', status: 200, shows: { tags: 'text[]' } },
  },
  'user.get': {
    summary: 'Shows the caller',
    ...{ token: 'required', status: 200, shows: user },
  },
  'user.update': {
    summary: 'Changes the caller; answers with a new token',
    ...{ token: 'required', body: { user: 'UserChanges' } },
    ...{ status: 200, shows: user, errors: [422] },
  },
  'users.create': {
    summary: 'Registers a user',
    ...{ token: 'none', body: { user: 'NewUser' }, status: 201, shows: user, errors: [422] },
  },
  'users.login': {
    summary: 'Logs a user in',
    ...{ token: 'none', body: { user: 'Credentials' } },
    ...{ status: 200, shows: user, errors: [401, 422] },
  },
}
