import { z } from 'zod'
import { filledText, upTo } from '../input.ts'

export interface NewComment {
  readonly body: string
}

export const newComment: z.ZodType<NewComment> = z.object({
  body: filledText.refine(...upTo(65_535, 'bytes')),
})
