import { z } from 'zod'
import { filledText } from '../input.ts'

export interface NewComment {
  readonly body: string
}

export const newComment: z.ZodType<NewComment> = z.object({ body: filledText })
