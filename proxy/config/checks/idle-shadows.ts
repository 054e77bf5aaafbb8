/** Shadows that a config asks for, and that could tell nothing, or cost more than they tell. */
import { resolve } from 'node:path'
import { plans } from '../../stage.ts'
import { parseStoreUrl } from '../../store/store-url.ts'
import * as builtIn from '../built-in.ts'
import type { Config, Route } from '../config.ts'
import { type DiagnosticName, fault } from '../diagnostics.ts'
import { type Draft, placeOf } from '../draft.ts'
import { shadowDatabaseForm } from '../shadow-database.ts'
import type { Check } from './check.ts'

/** What shadows are given. */
interface Given extends NonNullable<Config['shadow']> {
  /** Whether a binary log could tell when a snapshot stood. */
  readonly mayHaveLog: boolean
  /** Whether what is copied for captures may be a file that handlers have open in the same process. */
  readonly sharesFile: boolean
}

interface Doubt {
  readonly name: DiagnosticName
  /** The key of the route that asks for them. */
  readonly at: string
  readonly reads: readonly string[]
  readonly isSo: (route: Route, given: Given) => boolean
  readonly says: string
  readonly hint: string
}

const runsInLanes = ({ stage, sampleBp, modern, effects }: Route): boolean =>
  modern === 'handlers' && plans[stage].shadow !== null && sampleBp > 0 && effects !== null

/** At stages that ask legacy in the shadows, what writes has none. */
const mayCapture = (route: Route): boolean =>
  route.writes === 'capture' && route.effects !== 'read' && plans[route.stage].primary === 'legacy'

const doubts: readonly Doubt[] = [
  {
    name: 'idleShadow',
    at: 'stage',
    reads: ['stage', 'sample', 'modern', 'effects'],
    isSo: (route, { lanes }) =>
      lanes === 0 && runsInLanes(route) && plans[route.stage].primary === 'legacy',
    says: 'is not shadowed: shadow.lanes is 0, and handlers have no other place in the shadows',
    hint: 'shadow.lanes: 1 or more, or sample: 0% on the route',
  },
  {
    name: 'idleShadow',
    at: 'writes',
    reads: ['stage', 'sample', 'modern', 'effects', 'writes'],
    isSo: (route, { lanes, snapshotWaitMs, mayHaveLog }) =>
      lanes > 0 && snapshotWaitMs === 0 && !mayHaveLog && runsInLanes(route) && mayCapture(route),
    says: 'captures writes, no client may wait for its snapshot, and no binary log tells when it stood: nearly every sample is inconclusive (snapshot_late)',
    hint: 'shadow.snapshotWait: 5ms costs its clients that much at most; or, on MariaDB and MySQL, shadow.database.binlog: auto, which costs them nothing',
  },
  {
    name: 'sharedFile',
    at: 'writes',
    reads: ['stage', 'sample', 'modern', 'effects', 'writes'],
    isSo: (route, { lanes, sharesFile }) =>
      lanes > 0 && sharesFile && runsInLanes(route) && mayCapture(route),
    says: 'captures writes to a SQLite file that threads of this process copy: where handlers have it open by a SQLite of their own (better-sqlite3, sqlite3, node:sqlite), each copy drops the locks that they hold on it',
    hint: 'shadow.isolation: process, the default, copies it elsewhere; or open it by libsql, as Banyan does',
  },
]

/** Null: it is of no file. */
const fileOf = (url: string): string | null => {
  const address = parseStoreUrl(url)
  return address?.form === 'sqlite' ? resolve(address.file) : null
}

const mayShareFile = ({ handlers, shadow = builtIn.shadow }: Draft['config']): boolean => {
  const { isolation, database } = shadow
  const [own, copied] = [handlers.databaseUrl, database.url]
  if (isolation !== 'thread' || shadowDatabaseForm({ handlers, shadow }) !== 'sqlite') return false
  return own === null || copied == null || fileOf(copied) === fileOf(own)
}

const givenOf = (config: Draft['config']): Given => {
  const { handlers, shadow = builtIn.shadow } = config
  return {
    ...shadow,
    sharesFile: mayShareFile(config),
    mayHaveLog:
      shadow.database.binlog !== 'off' && shadowDatabaseForm({ handlers, shadow }) !== 'sqlite',
  }
}

/** Each thing once, at the first route: a thousand may say the same. */
export const idleShadows: Check = (draft) => {
  const given = givenOf(draft.config)
  return doubts.flatMap(({ name, at, reads, isSo, says, hint }) => {
    const found = draft.routes.filter(
      ({ route, broken }) => !reads.some((key) => broken.has(key)) && isSo(route, given),
    )
    const [first] = found
    if (first === undefined) return []
    const more = found.length === 1 ? '' : ` (and ${found.length - 1} more)`
    const message = `${first.route.id}${more} ${says}`
    return [{ fault: fault(name, message, hint), place: placeOf(draft, first, [at]) }]
  })
}
