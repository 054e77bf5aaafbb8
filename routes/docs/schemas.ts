/** What goes in and what comes out, by the names that the document gives them. */
import { z } from 'zod'
import type { ErrorMessages } from '../api-error.ts'
import {
  type ArticleChanges,
  articleChanges,
  type NewArticle,
  newArticle,
} from '../articles/input.ts'
import type { ArticleJson, ArticleSummaryJson } from '../articles/presenter.ts'
import { type NewComment, newComment } from '../comments/input.ts'
import type { CommentJson } from '../comments/presenter.ts'
import type { ProfileJson } from '../profiles/presenter.ts'
import type { StatsJson } from '../stats/presenter.ts'
import {
  type Credentials,
  credentials,
  type NewUser,
  newUser,
  type UserChanges,
  userChanges,
} from '../users/input.ts'
import type { UserJson } from '../users/presenter.ts'

const text = z.string()
const count = z.int().nonnegative()
const time = z.iso.datetime({ precision: 3 })
const texts = z.array(text)
const number = text.regex(/^\d+$/)

const profile = z.strictObject({
  username: text,
  bio: text.nullable(),
  image: text.nullable(),
  following: z.boolean(),
})

const summary = z.strictObject({
  slug: text,
  title: text,
  description: text,
  tagList: texts,
  createdAt: time,
  updatedAt: time,
  favorited: z.boolean(),
  favoritesCount: count,
  author: profile,
})

const user = z.strictObject({
  email: text,
  token: text,
  username: text,
  bio: text.nullable(),
  image: text.nullable(),
})

const comment = z.strictObject({
  id: count,
  createdAt: time,
  updatedAt: time,
  body: text,
  author: profile,
})

/** Numbers are texts: views go past what a double holds. */
const stats = z.strictObject({
  articles: number,
  comments: number,
  views: number,
  averageFavorites: text.regex(/^\d+\.\d{4}$/),
  // A map, as PHP writes one.
  tags: z.union([z.record(text, number), z.array(number)]).exactOptional(),
})

/** Answers are held to the types of the presenters that make them. */
interface Named {
  readonly Article: z.ZodType<ArticleJson>
  readonly ArticleChanges: z.ZodType<ArticleChanges>
  readonly ArticleSummary: z.ZodType<ArticleSummaryJson>
  readonly Comment: z.ZodType<CommentJson>
  readonly Credentials: z.ZodType<Credentials>
  readonly Errors: z.ZodType<{ readonly errors: ErrorMessages }>
  readonly NewArticle: z.ZodType<NewArticle>
  readonly NewComment: z.ZodType<NewComment>
  readonly NewUser: z.ZodType<NewUser>
  readonly Profile: z.ZodType<ProfileJson>
  readonly Stats: z.ZodType<StatsJson>
  readonly User: z.ZodType<UserJson>
  readonly UserChanges: z.ZodType<UserChanges>
}

const named: Named = {
  Article: z.strictObject({ ...summary.shape, body: text }),
  ArticleChanges: articleChanges,
  ArticleSummary: summary,
  Comment: comment,
  Credentials: credentials,
  Errors: z.strictObject({ errors: z.record(text, texts) }),
  NewArticle: newArticle,
  NewComment: newComment,
  NewUser: newUser,
  Profile: profile,
  Stats: stats,
  User: user,
  UserChanges: userChanges,
}

export type SchemaName = keyof Named

export type JsonSchema = Readonly<Record<string, unknown>>

export const refTo = (name: SchemaName): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** The same as JSON Schemas that refer to one another. */
export const describeSchemas = (): Readonly<Record<string, JsonSchema>> => {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema]),
  )
}
