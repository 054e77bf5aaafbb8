import { z } from 'zod'
import { filledText, lengthOf, messages, trimmed, upTo } from '../input.ts'

interface Texts {
  readonly title: string
  readonly description: string
  readonly body: string
}

export interface NewArticle extends Texts {
  readonly tagList: readonly string[]
}

/** What is not there stays as it is. */
export type ArticleChanges = Partial<Texts>

const title = filledText.refine(...upTo(255, 'characters'))
const description = filledText.refine(...upTo(65_535, 'bytes'))
const body = filledText

/** Trimmed, each once, in the order in which they came. */
const tagList = z
  .array(z.string(messages.wrong), messages.wrong)
  .transform((names) => [...new Set(names.map(trimmed))].filter(Boolean))
  .refine((names) => names.every((name) => lengthOf(name, 'characters') <= 255), messages.wrong)

export const newArticle: z.ZodType<NewArticle> = z.object({
  title,
  description,
  body,
  tagList: tagList.default([]),
})

export const articleChanges: z.ZodType<ArticleChanges> = z.object({
  title: title.exactOptional(),
  description: description.exactOptional(),
  body: body.exactOptional(),
})
