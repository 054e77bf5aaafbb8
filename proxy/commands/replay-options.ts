/** What `banyan replay` is told, as it was typed, and what that means. */
import type { Rule } from '../compare/rule.ts'
import { type Against, againsts } from '../recording/replay-choice.ts'
import type { Supplied } from '../recording/replay-request.ts'
import { isScenarioForm, type ScenarioForm } from '../recording/scenario-text.ts'
import type { Common, Io } from './io.ts'
import { readRules } from './read-rules.ts'
import { usageError } from './say.ts'

export interface ReplayOptions extends Common {
  readonly file: string
  readonly against: string
  readonly speed: string
  readonly concurrency: string
  /** Null: those of the config. */
  readonly rules: string | null
  /** Ids; empty: all routes. */
  readonly routes: readonly string[]
  readonly onlyReads: boolean
  readonly withWrites: boolean
  /** Name of an environment variable. */
  readonly tokenFrom: string | null
  readonly headers: readonly string[]
  /** Id of a recorded exchange. */
  readonly scenario: string | null
  readonly form: string
  readonly top: string
}

export interface ReplayWish {
  readonly against: Against
  /** Null: as fast as it goes. */
  readonly speed: number | null
  readonly concurrency: number
  readonly top: number
  readonly rules: readonly Rule[] | null
  readonly supplied: Supplied
  readonly form: ScenarioForm
}

const isAgainst = (text: string): text is Against => (againsts as readonly string[]).includes(text)

const speedOf = (text: string): number | null => {
  if (text === 'max') return null
  const [, digits] = /^(\d{1,6}(?:\.\d{1,3})?)x$/.exec(text) ?? []
  const speed = Number(digits)
  if (speed > 0) return speed
  throw usageError(`"${text}" is no speed`, 'write 1x, 10x or max')
}

const countOf = (name: string, text: string, most: number): number => {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 1 && count <= most) return count
  throw usageError(`"${text}" is no count`, `write --${name} with a number from 1 to ${most}`)
}

const headerOf = (line: string): readonly [string, string] => {
  const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/s.exec(line) ?? []
  if (name === undefined || value === undefined || /[\r\n\0]/.test(value)) {
    throw usageError(`"${line}" is no header`, "write 'name: value'")
  }
  return [name.toLowerCase(), value]
}

const tokenOf = (name: string | null, { env }: Pick<Io, 'env'>): string | null => {
  if (name === null) return null
  const token = env[name]?.trim()
  if (token !== undefined && token !== '' && !/[\r\n\0]/.test(token)) return token
  throw usageError(`the environment has no token in "${name}"`, `export ${name}=… first`)
}

/** @throws CommandError where something makes no sense, or a file cannot be read */
export const readWish = async (
  options: ReplayOptions,
  io: Pick<Io, 'env' | 'err'>,
): Promise<ReplayWish> => {
  const { against, form, onlyReads, withWrites, rules } = options
  if (!isAgainst(against)) {
    throw usageError(`"${against}" is nothing to replay against`, againsts.join(', '))
  }
  if (!isScenarioForm(form)) throw usageError(`"${form}" is no form`, 'scenario or mocha')
  if (withWrites && (against !== 'modern' || onlyReads)) {
    throw usageError('--with-writes executes writes on modern, and on nothing else')
  }
  return {
    against,
    form,
    speed: speedOf(options.speed),
    concurrency: countOf('concurrency', options.concurrency, 256),
    top: countOf('top', options.top, 200),
    rules: rules === null ? null : await readRules(rules, io),
    supplied: {
      headers: new Map(options.headers.map(headerOf)),
      token: tokenOf(options.tokenFrom, io),
    },
  }
}
