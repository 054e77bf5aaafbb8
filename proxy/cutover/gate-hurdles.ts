/** What stands between evidence and a pass, in the order in which it is asked. */
import { alarmsOf } from '../compare/e-process.ts'
import type { Gate } from '../config/cutover-config.ts'
import { type Evidence, unseenShare } from './evidence.ts'
import { type Side, sideOf } from './mixture.ts'
import { sessionsOf, whyUnjudged } from './session-count.ts'
import {
  about,
  type Found,
  type GateOptions,
  type GateReason,
  grouped,
  percent,
  plural,
  type Stream,
  type Verdict,
} from './verdict.ts'

/** Everything a hurdle may ask. */
export interface GateState {
  readonly evidence: Evidence
  readonly gate: Gate
  readonly options: GateOptions
  readonly stream: Stream
  readonly limit: number
  readonly chance: number
  readonly needed: number | null
  readonly etaMs: number | null
  readonly side: Side
  /** Of all samples. */
  readonly shed: number
  /** Of the samples that were not shed, sessions apart. */
  readonly inconclusive: number
}

/** Null: nothing in the way. */
type Hurdle = (state: GateState) => Found | null

/** A route from which nothing comes for this long is no longer known. */
const mostSilentMs = 30 * 60_000
const mostShed = 0.2
/** What the deaths of its own lanes kept from being compared is modern's doing. */
const mostShedByLanes = 0.01
const mostInconclusive = 0.1
const mostUnseen = 0.01
const hour = 3_600_000

const countOf = ({ outcomes }: Evidence, outcome: string): number =>
  Object.entries(outcomes)
    .filter(([name]) => name === outcome || name.startsWith(`${outcome}:`))
    .reduce((sum, [, count]) => sum + count, 0)

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)

export const stateOf = (state: Omit<GateState, 'side' | 'shed' | 'inconclusive'>): GateState => {
  const { evidence, stream, limit, chance } = state
  const all = Object.values(evidence.outcomes).reduce((sum, count) => sum + count, 0)
  const shed = countOf(evidence, 'shed')
  const { unjudged, unasked } = sessionsOf(evidence)
  const ofSessions = unjudged + unasked
  const open = countOf(evidence, 'inconclusive') - ofSessions
  return {
    ...state,
    side: sideOf(stream, limit, chance),
    shed: share(shed, all),
    inconclusive: share(open, all - shed - ofSessions),
  }
}

const found = (verdict: Verdict, reason: GateReason | null, sentence: string): Found => ({
  verdict,
  reason,
  sentence,
})

/** The reason that most of an outcome have. */
const mostOften = ({ outcomes }: Evidence, outcome: string): string => {
  const [first] = Object.entries(outcomes)
    .filter(([name]) => name.startsWith(`${outcome}:`))
    .sort(([, a], [, b]) => b - a)
  return first === undefined ? '' : `, most of all ${first[0].slice(outcome.length + 1)}`
}

/** `needs 1 240 more different requests, about 3 h at the present rate` */
const needs = ({ needed, etaMs }: GateState): string => {
  if (needed === null) return 'will not pass at the current rate'
  const more = `needs ${plural(needed, 'more different request', 'more different requests')}`
  return etaMs === null ? more : `${more}, ${about(etaMs)} at the present rate`
}

const soFar = ({ stream: { bad, count } }: GateState): string =>
  `${grouped(bad)} of ${plural(count, 'different request')} ${bad === 1 ? 'was' : 'were'} bad`

const confirmed: Hurdle = ({ evidence, gate }) =>
  gate.signal === 'shadow.mismatch' && evidence.confirmed > 0
    ? found(
        'fail',
        'confirmed',
        `${plural(evidence.confirmed, 'confirmed mismatch', 'confirmed mismatches')}: modern has to change, or a rule has to say that it is meant`,
      )
    : null

const regressed: Hurdle = ({ evidence, gate }) => {
  if (gate.signal !== 'shadow.mismatch') return null
  const alarms = alarmsOf(evidence.places).filter(({ alarm }) => alarm === 'regressed')
  const [worst] = alarms.sort((a, b) => b.log10E - a.log10E)
  if (worst === undefined) return null
  const { pattern, modernAlone, legacyAlone } = worst
  const place = pattern === '' ? 'the body' : pattern
  const sentence = `at ${place} modern differs more often than legacy from itself: alone in ${grouped(modernAlone)} requests, legacy in ${grouped(legacyAlone)}`
  return found('fail', 'regressed', sentence)
}

const aboveLimit: Hurdle = (state) => {
  const { side, stream, gate, limit } = state
  if (side !== 'above' || stream.bad < gate.minEvents) return null
  return found('fail', 'limit', `${soFar(state)}: proven to be more than ${percent(limit)}`)
}

const silent: Hurdle = ({ evidence, options, stream }) => {
  const silence = options.now - evidence.last
  if (silence <= mostSilentMs) return null
  const what = stream.count === 0 ? 'nothing was ever compared' : 'nothing was compared'
  return found('no_data', 'silent', `${what} in ${about(silence)}: is there any traffic?`)
}

const samples: Hurdle = (state) =>
  state.stream.count < state.gate.minSamples
    ? found('collecting', 'samples', `${soFar(state)}; ${needs(state)}`)
    : null

const hours: Hurdle = ({ evidence, gate }) => {
  const left = gate.minHours * hour - (evidence.last - evidence.since)
  if (left <= 0) return null
  return found(
    'collecting',
    'hours',
    `the evidence has to cover ${plural(gate.minHours, 'hour')}: ${about(left)} to go`,
  )
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

const sessionsOpen: Hurdle = ({ evidence, gate }) => {
  const why = whyUnjudged(evidence, gate.maxUnjudgedBp / 10_000)
  return why === null ? null : found('inconclusive', 'sessions', why)
}

const unproven: Hurdle = (state) => {
  if (state.side === 'below') return null
  const { uncounted = 0 } = state.evidence
  return uncounted > 0
    ? found(
        'inconclusive',
        'full',
        `there are more different requests than can be told apart; ${soFar(state)}, and that proves nothing yet`,
      )
    : found('inconclusive', 'evidence', `${soFar(state)}; ${needs(state)}`)
}

const unseen: Hurdle = ({ evidence }) => {
  const rest = unseenShare(evidence)
  if (rest <= mostUnseen) return null
  return found(
    'inconclusive',
    'unseen',
    `about ${percent(rest)} of the traffic looks like nothing that was seen so far; at most ${percent(mostUnseen)} may`,
  )
}

const passed: Hurdle = (state) =>
  found(
    'pass',
    null,
    `${soFar(state)}: fewer than ${percent(state.limit)} are, at ${percent(1 - state.chance)} confidence`,
  )

/** What fails comes first, whatever is missing; what cannot be known yet before what is in the way. */
export const hurdles: readonly Hurdle[] = [
  confirmed,
  regressed,
  aboveLimit,
  silent,
  samples,
  hours,
  captured,
  lanesDied,
  tooMuchShed,
  tooMuchOpen,
  sessionsOpen,
  unproven,
  unseen,
  passed,
]
