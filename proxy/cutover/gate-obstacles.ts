/** What stands between evidence and a pass and is no matter of time: what goes on like this stays like this. */
import { type Evidence, mostShapes, uncountedShare } from './evidence.ts'
import { firstOf, found, type GateState, type Hurdle, soFar } from './gate-state.ts'
import { sideOf } from './mixture.ts'
import { sessionsOf, whyUnjudged } from './session-count.ts'
import { grouped, percent } from './verdict.ts'

const mostShed = 0.2
/** What the deaths of its own lanes kept from being compared is modern's doing. */
const mostShedByLanes = 0.01
const mostInconclusive = 0.1
/** So little of the traffic may be of a shape that was never seen. */
export const mostUnseen = 0.01

const countOf = ({ outcomes }: Evidence, outcome: string): number =>
  Object.entries(outcomes)
    .filter(([name]) => name === outcome || name.startsWith(`${outcome}:`))
    .reduce((sum, [, count]) => sum + count, 0)

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

/** The reason that most of an outcome have. */
const mostOften = ({ outcomes }: Evidence, outcome: string): string => {
  const [first] = Object.entries(outcomes)
    .filter(([name]) => name.startsWith(`${outcome}:`))
    .sort(([, a], [, b]) => b - a)
  return first === undefined ? '' : `, most of all ${first[0].slice(outcome.length + 1)}`
}

const writesOnlyCaptured = ({ evidence, options }: GateState): boolean => {
  const { effects = 'read', writes = 'off', isProvenElsewhere = false } = options
  if (effects === 'read' || isProvenElsewhere) return false
  const { captured = 0, trials } = evidence
  return writes === 'capture' || (captured > 0 && captured >= trials)
}

const captured: Hurdle = (state) =>
  writesOnlyCaptured(state)
    ? found(
        'inconclusive',
        'captured',
        'its writes were only captured, never executed: contract tests, a cage, or what legacy committed have to speak for it as well',
      )
    : null

const lanesDied: Hurdle = ({ evidence: { outcomes } }) => {
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0)
  const died = share(outcomes['shed:lanes'] ?? 0, all)
  if (died <= mostShedByLanes) return null
  const sentence = `for ${percent(died)} of the samples there was no lane: the handlers could not be loaded, or had ended theirs too often; the log lines lane_ended say how`
  return found('inconclusive', 'lanes', sentence)
}

const tooMuchShed: Hurdle = ({ shed, evidence }) =>
  shed > mostShed
    ? found(
        'inconclusive',
        'shed',
        `${percent(shed)} of the samples were shed${mostOften(evidence, 'shed')}: what was left out may be what fails; lower sample, or give shadows more room`,
      )
    : null

const tooMuchOpen: Hurdle = ({ inconclusive, evidence }) =>
  inconclusive > mostInconclusive
    ? found(
        'inconclusive',
        'inconclusive',
        `${percent(inconclusive)} of the samples could not be compared${mostOften(evidence, 'inconclusive')}`,
      )
    : null

const sessionsOpen: Hurdle = ({ evidence, gate, chance }) => {
  const why = whyUnjudged(evidence, { most: gate.maxUnjudgedBp / 10_000, chance })
  return why === null ? null : found('inconclusive', 'sessions', why)
}

const full: Hurdle = (state) => {
  const { side, evidence } = state
  if (side === 'below' || (evidence.uncounted ?? 0) === 0) return null
  const sentence = `there are more different requests than can be told apart; ${soFar(state)}, and that proves nothing yet`
  return found('inconclusive', 'full', sentence)
}

/** What is counted together stays unseen, however often it comes. */
const tooManyShapes: Hurdle = ({ evidence }) => {
  const rest = uncountedShare(evidence)
  if (rest <= mostUnseen) return null
  const sentence = `${percent(rest)} of the traffic looks like none of the ${grouped(mostShapes - 1)} shapes that are told apart; at most ${percent(mostUnseen)} may: give what differs so much routes of its own`
  return found('inconclusive', 'unseen', sentence)
}

/** In the order in which they are asked. */
export const obstacles: readonly Hurdle[] = [
  captured,
  lanesDied,
  tooMuchShed,
  tooMuchOpen,
  sessionsOpen,
  full,
  tooManyShapes,
]

/** @param state whose `etaMs` reckons with time alone */
export const stateOf = (
  state: Omit<GateState, 'side' | 'shed' | 'inconclusive' | 'obstacle'>,
): GateState => {
  const { evidence, stream, limit, chance } = state
  const all = Object.values(evidence.outcomes).reduce((sum, count) => sum + count, 0)
  const shed = countOf(evidence, 'shed')
  const { unjudged, unasked } = sessionsOf(evidence)
  const ofSessions = unjudged + unasked
  const open = countOf(evidence, 'inconclusive') - ofSessions
  const known: GateState = {
    ...state,
    side: sideOf(stream, limit, chance),
    shed: share(shed, all),
    inconclusive: share(open, all - shed - ofSessions),
    obstacle: null,
  }
  const obstacle = firstOf(obstacles, known)
  return obstacle === null ? known : { ...known, obstacle, etaMs: null }
}
