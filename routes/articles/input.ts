import { z } from 'zod'
import { filledText, messages } from '../input.ts'

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

/** Trimmed, each once, in the order in which they came. */
const tagList = z
  .array(z.string(messages.wrong), messages.wrong)
  .transform((names) => [...new Set(names.map((name) => name.trim()))].filter(Boolean))

export const newArticle: z.ZodType<NewArticle> = z.object({
  title: filledText,
  description: filledText,
  body: filledText,
  tagList: tagList.default([]),
})

export const articleChanges: z.ZodType<ArticleChanges> = z.object({
  title: filledText.exactOptional(),
  description: filledText.exactOptional(),
  body: filledText.exactOptional(),
})
