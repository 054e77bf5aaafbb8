/** Shadows that a config asks for, and leaves without what they need to tell anything. */
import { plans } from '../../stage.ts'
import * as builtIn from '../built-in.ts'
import type { Config, Route } from '../config.ts'
import { fault } from '../diagnostics.ts'
import { type Draft, placeOf } from '../draft.ts'
import { shadowDatabaseForm } from '../shadow-database.ts'
import type { Check } from './check.ts'

/** What shadows are given. */
interface Given extends NonNullable<Config['shadow']> {
  /** Whether a binary log could tell when a snapshot stood. */
  readonly mayHaveLog: boolean
}

interface Idle {
  /** The key of the route that asks for them. */
  readonly at: string
  readonly reads: readonly string[]
  readonly isIdle: (route: Route, given: Given) => boolean
  readonly says: string
  readonly hint: string
}

const runsInLanes = ({ stage, sampleBp, modern, effects }: Route): boolean =>
  modern === 'handlers' && plans[stage].shadow !== null && sampleBp > 0 && effects !== null

/** At stages that ask legacy in the shadows, what writes has none. */
const mayCapture = (route: Route): boolean =>
  route.writes === 'capture' && route.effects !== 'read' && plans[route.stage].primary === 'legacy'

const idle: readonly Idle[] = [
  {
    at: 'stage',
    reads: ['stage', 'sample', 'modern', 'effects'],
    isIdle: (route, { lanes }) =>
      lanes === 0 && runsInLanes(route) && plans[route.stage].primary === 'legacy',
    says: 'is not shadowed: shadow.lanes is 0, and handlers have no other place in the shadows',
    hint: 'shadow.lanes: 1 or more, or sample: 0% on the route',
  },
  {
    at: 'writes',
    reads: ['stage', 'sample', 'modern', 'effects', 'writes'],
    isIdle: (route, { lanes, snapshotWaitMs, mayHaveLog }) =>
      lanes > 0 && snapshotWaitMs === 0 && !mayHaveLog && runsInLanes(route) && mayCapture(route),
    says: 'captures writes, no client may wait for its snapshot, and no binary log tells when it stood: nearly every sample is inconclusive (snapshot_late)',
    hint: 'shadow.snapshotWait: 5ms costs its clients that much at most; or, on MariaDB and MySQL, shadow.database.binlog: auto, which costs them nothing',
  },
]

const givenOf = ({ handlers, shadow = builtIn.shadow }: Draft['config']): Given => ({
  ...shadow,
  mayHaveLog:
    shadow.database.binlog !== 'off' && shadowDatabaseForm({ handlers, shadow }) !== 'sqlite',
})

/** Each thing once, at the first route: a thousand may say the same. */
export const idleShadows: Check = (draft) => {
  const given = givenOf(draft.config)
  return idle.flatMap(({ at, reads, isIdle, says, hint }) => {
    const found = draft.routes.filter(
      ({ route, broken }) => !reads.some((key) => broken.has(key)) && isIdle(route, given),
    )
    const [first] = found
    if (first === undefined) return []
    const more = found.length === 1 ? '' : ` (and ${found.length - 1} more)`
    const message = `${first.route.id}${more} ${says}`
    return [{ fault: fault('idleShadow', message, hint), place: placeOf(draft, first, [at]) }]
  })
}
