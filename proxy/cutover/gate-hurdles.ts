/** What stands between evidence and a pass, in the order in which it is asked. */
import { alarmsOf } from '../compare/e-process.ts'
import { unseenNeeds, unseenShare } from './evidence.ts'
import { mostUnseen, obstacles } from './gate-obstacles.ts'
import { firstOf, found, type GateState, type Hurdle, soFar } from './gate-state.ts'
import { about, type Found, grouped, percent, plural } from './verdict.ts'

/** A route from which nothing comes for this long is no longer known. */
const mostSilentMs = 30 * 60_000
const hour = 3_600_000

/** What time does not take away; empty: nothing. */
const inTheWay = ({ obstacle }: GateState): string =>
  obstacle === null ? '' : `; when it passes cannot be foretold: ${obstacle.sentence}`

/** What is said of the time that it takes, after what it takes. */
const outlook = (state: GateState): string => {
  const { etaMs, obstacle, pace } = state
  if (obstacle !== null) return inTheWay(state)
  if (etaMs !== null) return `, ${about(etaMs)} at the present rate`
  return pace === null
    ? '; how long that takes cannot be foretold yet'
    : `, but none came in ${about(pace.overMs)}: without new traffic it will not pass`
}

/** What it takes is an estimate where shapes decide it: another one seen once puts it off. */
const condition = ({ needed, evidence, obstacle, pace }: GateState): string =>
  obstacle === null &&
  pace?.rate !== 0 &&
  needed !== 0 &&
  needed === unseenNeeds(evidence, mostUnseen)
    ? ', if none looks new'
    : ''

/** Not even time would do. */
const never = ({ obstacle }: GateState): string => {
  const why = obstacle === null ? '' : `; ${obstacle.sentence}`
  return `will not pass at the current rate${why}`
}

/** `needs 1 240 more different requests, about 3 h at the present rate` */
const needs = (state: GateState): string => {
  const { needed } = state
  if (needed === null) return never(state)
  const more = `needs ${plural(needed, 'more different request', 'more different requests')}`
  return more + outlook(state) + condition(state)
}

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

const hours: Hurdle = (state) => {
  const { evidence, gate, needed } = state
  const left = gate.minHours * hour - (evidence.last - evidence.since)
  if (left <= 0) return null
  const rest = needed === 0 ? inTheWay(state) : `; ${needs(state)}`
  const sentence = `the evidence has to cover ${plural(gate.minHours, 'hour')}: ${about(left)} to go`
  return found('collecting', 'hours', sentence + rest)
}

const unproven: Hurdle = (state) =>
  state.side === 'below'
    ? null
    : found('inconclusive', 'evidence', `${soFar(state)}; ${needs(state)}`)

const unseen: Hurdle = (state) => {
  const rest = unseenShare(state.evidence)
  if (rest <= mostUnseen) return null
  const sentence = `about ${percent(rest)} of the traffic looks like nothing that was seen so far; at most ${percent(mostUnseen)} may`
  return found('inconclusive', 'unseen', `${sentence}: ${needs(state)}`)
}

const passed = (state: GateState): Found =>
  found(
    'pass',
    null,
    `${soFar(state)}: fewer than ${percent(state.limit)} are, at ${percent(1 - state.chance)} confidence`,
  )

/** What fails comes first, whatever is missing; what cannot be known yet before what is in the way. */
const hurdles: readonly Hurdle[] = [
  confirmed,
  regressed,
  aboveLimit,
  silent,
  samples,
  hours,
  ...obstacles,
  unproven,
  unseen,
]

/** The first hurdle that stands; that there is none is a pass. */
export const decide = (state: GateState): Found => firstOf(hurdles, state) ?? passed(state)
