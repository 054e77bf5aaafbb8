/** Which recorded exchanges can be replayed, and against what. Pure. */
import type { Route } from '../config/config.ts'
import type { Target } from '../stage.ts'
import type { Observation } from '../targets/send.ts'
import type { Recorded, RecordedComparison } from './recorded.ts'

/** `recorded`: nobody is asked; the two recorded answers are compared again. */
export const againsts = ['legacy', 'modern', 'both', 'recorded'] as const
export type Against = (typeof againsts)[number]

// biome-ignore format: a table reads best as a table
export const skipReasons = {
  route_gone:       'the config has no route of this id',
  not_chosen:       'another route was asked for',
  writes:           'its route writes, and only reads were asked for',
  no_target:        'the route does not have the target',
  request_not_kept: 'the body of the request was too long to be recorded',
  answer_not_kept:  'the recorded answer is not whole: it was too long, or it broke off',
  no_legacy_answer: 'modern answered, and legacy was not asked then',
  not_answered:     'no target answered it, but Banyan itself',
  not_compared:     'it was not sampled, so only one answer was recorded',
} as const
export type SkipReason = keyof typeof skipReasons

export interface ReplayTerms {
  readonly against: Against
  /** Ids; empty: all of them. */
  readonly routes: ReadonlySet<string>
  readonly onlyReads: boolean
}

/** What is compared with what. */
export type ReplayChoice =
  /** The two answers of a recorded comparison, with each other. */
  | { readonly is: 'compare'; readonly compared: RecordedComparison }
  /** What a target says, with a recorded answer; null: with what legacy says. */
  | { readonly is: 'ask'; readonly primary: Observation | null; readonly shadow: Target }

export const isRead = ({ effects }: Pick<Route, 'effects'>): boolean => effects === 'read'

/** Whether it is an answer, and all of it was kept. */
export const isWhole = ({ status, failure, body }: Observation): boolean =>
  status !== null && failure === null && body.complete && (body.bytes !== null || body.length === 0)

/** Legacy's answer then, whoever answered the client. */
const legacyThen = ({ answer, compared }: Recorded): Observation | null =>
  [answer, compared?.shadow ?? null].find((seen) => seen?.from === 'legacy') ?? null

const chooseRecorded = ({ compared }: Recorded): ReplayChoice | SkipReason =>
  compared === null ? 'not_compared' : { is: 'compare', compared }

const withPrimary = (primary: Observation | null, shadow: Target): ReplayChoice | SkipReason => {
  if (primary === null) return 'no_legacy_answer'
  return isWhole(primary) ? { is: 'ask', primary, shadow } : 'answer_not_kept'
}

const choices: Readonly<Record<Against, (recorded: Recorded) => ReplayChoice | SkipReason>> = {
  legacy: ({ answer }) => withPrimary(answer, 'legacy'),
  modern: (recorded) => withPrimary(legacyThen(recorded), 'modern'),
  both: () => ({ is: 'ask', primary: null, shadow: 'modern' }),
  recorded: chooseRecorded,
}

const asked: Readonly<Record<Against, readonly Target[]>> = {
  legacy: ['legacy'],
  modern: ['modern'],
  both: ['legacy', 'modern'],
  recorded: [],
}

/** The targets that are asked. */
export const askedBy = (against: Against): readonly Target[] => asked[against]

/** @param route of the config; undefined: it has none of this id */
export const chooseReplay = (
  recorded: Recorded,
  route: Route | undefined,
  { against, routes, onlyReads }: ReplayTerms,
): ReplayChoice | SkipReason => {
  if (routes.size > 0 && !routes.has(recorded.route)) return 'not_chosen'
  if (route === undefined) return 'route_gone'
  if (against === 'recorded') return chooseRecorded(recorded)
  if (onlyReads && !isRead(route)) return 'writes'
  if (recorded.answer.from === 'banyan') return 'not_answered'
  if (recorded.request.lostBytes !== null) return 'request_not_kept'
  if (asked[against].some((target) => route[target] === null)) return 'no_target'
  return choices[against](recorded)
}
