/** `banyan compare`: two answers in files, by the comparator that shadows have. Offline. */
import { type Comparison, compare as compareAnswers } from '../compare/compare.ts'
import type { DecodeLimits } from '../compare/decode.ts'
import type { Outcome } from '../compare/outcome.ts'
import { isExpired, type Rule } from '../compare/rule.ts'
import { type BodyForm, bodyForms, isBodyForm } from './body-forms.ts'
import { differencesView, type Whys } from './differences-view.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { readAnswers } from './read-answer.ts'
import { readRules } from './read-rules.ts'
import { answering, note, say, usageError } from './say.ts'
import { createPaint } from './text.ts'
import { unreadable } from './unreadable.ts'

export interface CompareOptions extends Common {
  /** Path of legacy's answer, and of modern's. */
  readonly a: string
  readonly b: string
  /** Path; null: no rules. */
  readonly rules: string | null
  /** What the bodies are; null: their heads or names say. */
  readonly form: string | null
}

/** Whoever names a file has the memory for it. */
const limits: DecodeLimits = { bytes: 64 * 1_048_576, ratio: 10_000 }

const same: ReadonlySet<Outcome> = new Set(['identical', 'equivalent', 'noise'])

const whysOf = (rules: readonly Rule[], { excused }: Comparison): Whys => {
  const used = new Set(excused.map(({ rule }) => rule))
  return Object.fromEntries(
    rules.filter(({ id }) => used.has(id)).map(({ id, why }) => [id, why ?? null]),
  )
}

const headline = ({ outcome, severity }: Comparison): string =>
  severity === null ? outcome : `${outcome}, ${severity}`

const formOf = (form: string | null): BodyForm | null => {
  if (form === null || isBodyForm(form)) return form
  throw usageError(`there is no form "${form}"`, `allowed: ${bodyForms.join(', ')}`)
}

const expiredSentence = ({ id, expires }: Rule): string =>
  `the rule ${id} no longer holds: it expired on ${expires}`

/** Exits 0 where nothing differs that rules do not overlook, else 1. */
export const compare = (options: CompareOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const { a, b } = options
    const form = formOf(options.form)
    const rules = options.rules === null ? [] : await readRules(options.rules, io)
    const { legacy, modern, route } = await readAnswers({ a, b, form })
    const today = new Date(io.now()).toISOString().slice(0, 10)
    const comparison = compareAnswers(legacy, modern, rules, { route, today, limits })
    const expired = rules.filter((rule) => isExpired(rule, today))
    const whys = whysOf(rules, comparison)
    const paint = createPaint(io.color)
    const isSame = same.has(comparison.outcome)
    const titles = { legacy: 'A', modern: 'B' }
    const detail = differencesView({ comparison, whys, titles }, paint)
    const head = paint(isSame ? 'green' : 'red', headline(comparison))
    const text = detail === '' ? `${head}\n` : `${head}\n\n${detail}`
    const files = [
      { path: a, seen: legacy },
      { path: b, seen: modern },
    ]
    say(io, options, {
      json: { ...comparison, rules: whys, expired: expired.map(({ id }) => id) },
      text,
    })
    for (const rule of expired) note(io, expiredSentence(rule))
    for (const sentence of unreadable(comparison, files, limits)) note(io, sentence)
    return isSame ? exit.fine : exit.no
  })
