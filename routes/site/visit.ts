/** A request for a page, with the session that goes with it. */
import { randomBytes } from 'node:crypto'
import type { Context } from 'koa'
import { ApiError } from '../api-error.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../users/model.ts'
import { renderLayout } from './layout.ts'
import { notFoundPage } from './not-found.ts'
import type { Answer, Page, Visit } from './page.ts'
import type { Session, SessionReader, SessionValues } from './sessions.ts'

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** What PHP sends with every page that has a session: nobody may keep it. */
const unkept = {
  expires: 'Thu, 19 Nov 1981 08:52:00 GMT',
  'cache-control': 'no-store, no-cache, must-revalidate',
  pragma: 'no-cache',
} as const

const findUser = async (
  { models: { User } }: Parts,
  { user_id: id }: SessionValues,
): Promise<User | null> => (Number.isSafeInteger(id) ? User.findByPk(Number(id)) : null)

const answerOf = async (page: Page, ctx: Context, visit: Visit): Promise<Answer> => {
  try {
    return await page(ctx, visit)
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return notFoundPage
    throw error
  }
}

/** Writes the answer; what the session is to keep of it. */
const respond = (
  ctx: Context,
  answer: Answer,
  { visit, values }: { visit: Visit; values: SessionValues },
): SessionValues => {
  ctx.type = 'html'
  if (answer.is === 'redirect') {
    ctx.set('location', answer.to)
    ctx.status = 302
    ctx.body = ''
    return { flash: answer.flash }
  }
  const flash = textOf(values.flash)
  ctx.status = answer.status
  ctx.body = renderLayout({ ...answer, ...visit, flash })
  return {
    ...(values.flash === undefined ? {} : { flash: null }),
    // Only whoever is signed in was shown a form.
    ...(visit.user === null || values.csrf === visit.token ? {} : { csrf: visit.token }),
  }
}

const visitPage = async (
  ctx: Context,
  page: Page,
  { parts, session }: { parts: Parts; session: Session },
): Promise<SessionValues> => {
  const { values, setCookie } = session
  const user = await findUser(parts, values)
  const visit: Visit = { user, token: textOf(values.csrf) ?? randomBytes(16).toString('hex') }
  const answer = await answerOf(page, ctx, visit)
  ctx.set(unkept)
  if (setCookie !== null) ctx.set('set-cookie', setCookie)
  return respond(ctx, answer, { visit, values })
}

/** Makes handlers of pages. */
export type Visits = (page: Page) => (ctx: Context) => Promise<void>

export const createVisits =
  (parts: Parts, sessions: SessionReader): Visits =>
  (page) =>
  async (ctx) => {
    const session = await sessions.open(ctx.get('cookie'))
    let changes: SessionValues = {}
    try {
      changes = await visitPage(ctx, page, { parts, session })
    } finally {
      await session.close(changes)
    }
  }
