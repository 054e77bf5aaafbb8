/** A form as the legacy reads it: by the rules that fill PHP's `$_POST`. */
import type { Context } from 'koa'
import { ApiError } from '../api-error.ts'
import { queryText } from '../legacy-text.ts'
import { readBytes } from '../request-body.ts'

/** A field's text; empty for one that is absent, a list, or no UTF-8. */
export type Form = (name: string) => string

const emptyForm: Form = () => ''

/** Latin-1 keeps every byte for `queryText`, which knows what is UTF-8. */
const urlEncoded = (bytes: Buffer): Form => {
  const text = bytes.toString('latin1')
  return (name) => queryText(text, name) ?? ''
}

const multipart = async (bytes: Buffer, type: string): Promise<Form> => {
  try {
    const fields = await new Response(bytes, { headers: { 'content-type': type } }).formData()
    return (name) => {
      const last = fields.getAll(name).at(-1)
      return typeof last === 'string' ? last : ''
    }
  } catch {
    return emptyForm
  }
}

/** Never throws on what was sent: a form that is none, or more than 8 MiB, has no fields. */
export const readForm = async (ctx: Context): Promise<Form> => {
  try {
    const bytes = await readBytes(ctx)
    if (ctx.is('application/x-www-form-urlencoded')) return urlEncoded(bytes)
    return ctx.is('multipart/form-data') ? multipart(bytes, ctx.get('content-type')) : emptyForm
  } catch (error) {
    if (error instanceof ApiError) return emptyForm
    throw error
  }
}
