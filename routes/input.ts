/** What a client sends, held to a schema; what does not fit is told field by field. */
import { Buffer } from 'node:buffer'
import type { Context } from 'koa'
import { z } from 'zod'
import { invalid } from './api-error.ts'
import { readJson } from './request-body.ts'

/** The messages of the legacy, in its words. */
export const messages = {
  blank: "can't be blank",
  taken: 'has already been taken',
  wrong: 'is not valid',
} as const

/** What the legacy's regular expressions call white space: two more than JavaScript's do. */
const space = '[\\s\\u0085\\u180e]'
const onlySpace = new RegExp(`^${space}*$`)
const outerSpace = new RegExp(`^${space}+|${space}+$`, 'g')

/** A text without white space around it. */
export const trimmed = (text: string): string => text.replace(outerSpace, '')

/** How long a text is, by what its column counts. */
const lengths = {
  characters: (text: string): number => [...text].length,
  bytes: (text: string): number => Buffer.byteLength(text),
} as const

type Unit = keyof typeof lengths

export const lengthOf = (text: string, unit: Unit): number => lengths[unit](text)

export const isFilled = (text: string): boolean => !onlySpace.test(text)

/** A text that is more than white space. */
export const filledText: z.ZodString = z
  .string(messages.blank)
  .refine(isFilled, { error: messages.blank, abort: true })

/** What is wrong with a text that is longer than its column; for `refine`. */
export const upTo = (
  most: number,
  unit: Unit,
): readonly [(text: string) => boolean, { error: string; abort: true }] => [
  (text) => lengthOf(text, unit) <= most,
  { error: `is too long (maximum is ${most} ${unit})`, abort: true },
]

/** The members of a JSON object; whatever else it is has none. */
const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

/** Each field with the first thing that is wrong with it. */
export const errorsOf = ({ issues }: z.ZodError): Record<string, string[]> => {
  const errors: Record<string, string[]> = {}
  for (const { path, message } of issues) errors[String(path[0])] ??= [message]
  return errors
}

/**
 * What the body's member of this name says; where there is no such object, the schema finds every
 * field missing. Throws a 400 for what is no JSON and a 422 for what does not fit.
 */
export const readInput = async <Schema extends z.ZodType>(
  ctx: Context,
  name: string,
  schema: Schema,
): Promise<z.output<Schema>> => {
  const result = schema.safeParse(membersOf(membersOf(await readJson(ctx))[name]))
  if (result.success) return result.data
  throw invalid(errorsOf(result.error))
}
