import { presentTime } from '../database-time.ts'
import { type ProfileJson, presentProfile } from '../profiles/presenter.ts'
import type { Comment } from './model.ts'

export interface CommentJson {
  readonly id: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly body: string
  readonly author: ProfileJson
}

/**
 * Throws a TypeError when it was read without its author.
 *
 * @param followed ids of users whom the caller follows
 */
export const presentComment = (comment: Comment, followed: ReadonlySet<number>): CommentJson => {
  const { id, body, authorId, author } = comment
  if (author === undefined) throw new TypeError(`comment ${id} was read without its author`)
  return {
    id,
    createdAt: presentTime(comment.createdAt),
    updatedAt: presentTime(comment.updatedAt),
    body,
    author: presentProfile(author, followed.has(authorId)),
  }
}
