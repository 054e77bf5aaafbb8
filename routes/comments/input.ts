import { z } from 'zod'
import { filledUpTo } from '../input.ts'

export interface NewComment {
  readonly body: string
}

export const newComment: z.ZodType<NewComment> = z.object({ body: filledUpTo(65_535, 'bytes') })
