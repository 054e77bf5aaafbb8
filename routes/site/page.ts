/** What a page is: a function of a request and its session, without effects on either. */
import type { Context } from 'koa'
import type { Piece } from '../html.ts'
import type { User } from '../users/model.ts'

export interface Visit {
  /** Who is signed in. */
  readonly user: User | null
  /** What this session's forms carry, to show that they are its own. */
  readonly token: string
}

/** What a page comes to: a document, or another address with something to say there. */
export type Answer =
  | { readonly is: 'document'; status: number; title: string; content: Piece }
  | { readonly is: 'redirect'; to: string; flash: string }

/** Throws an ApiError of status 404 where there is nothing to show. */
export type Page = (ctx: Context, visit: Visit) => Answer | Promise<Answer>
