/** Shadows that a config asks for, and that could tell nothing, or cost more than they tell. */
import { resolve } from 'node:path'
import { guardsWrites, watchKind } from '../../shadow/writes/watch-kind.ts'
import { plans } from '../../stage.ts'
import { parseStoreUrl } from '../../store/store-url.ts'
import * as builtIn from '../built-in.ts'
import type { Config, Route } from '../config.ts'
import { type DiagnosticName, fault } from '../diagnostics.ts'
import { type Draft, placeOf } from '../draft.ts'
import { shadowDatabaseForm } from '../shadow-database.ts'
import { type Check, inMain } from './check.ts'

/** What shadows are given. */
interface Given extends NonNullable<Config['shadow']> {
  /** Whether a binary log could tell when a snapshot stood. */
  readonly mayHaveLog: boolean
  /** Whether what is copied for captures may be a file that handlers have open in the same process. */
  readonly sharesFile: boolean
  /** Whether shadows read the twin, for want of the database that legacy writes to. */
  readonly readsTwin: boolean
  /** What shadows read and write; null: nobody knows. */
  readonly form: ReturnType<typeof shadowDatabaseForm>
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

/** Whether its handlers answer some requests in the shadows. */
const mayRead = (route: Route): boolean =>
  runsInLanes(route) &&
  plans[route.stage].primary !== 'modern' &&
  (route.effects === 'read' || mayCapture(route))

/** At stages that ask legacy in the shadows, what writes has none. */
const mayCapture = (route: Route): boolean =>
  route.writes === 'capture' && route.effects !== 'read' && plans[route.stage].primary === 'legacy'

/** Whether handlers would write in the shadows. */
const writesInLanes = (route: Route): boolean =>
  runsInLanes(route) &&
  !plans[route.stage].shadowReadsOnly &&
  guardsWrites(route) &&
  route.effects !== 'read'

const writesHint =
  'capture needs MySQL, MariaDB or a SQLite file, a cage a twin on MySQL or MariaDB'

const doubts: readonly Doubt[] = [
  {
    name: 'writesNowhere',
    at: 'writes',
    reads: ['stage', 'sample', 'modern', 'effects', 'writes'],
    isSo: (route, { lanes, form }) => lanes > 0 && form === null && writesInLanes(route),
    says: 'writes in the shadows, and no database is known that could hold it: every sample would be inconclusive (snapshot_lost)',
    hint: `handlers.database.url or shadow.database.url, mysql:// or sqlite:; ${writesHint}`,
  },
  {
    name: 'writesNowhere',
    at: 'writes',
    reads: ['stage', 'sample', 'modern', 'effects', 'writes'],
    isSo: (route, { lanes, form }) =>
      lanes > 0 && form === 'sqlite' && route.writes === 'cage' && writesInLanes(route),
    says: 'writes in a cage, and SQLite has none: every sample would be inconclusive (cage_unfit)',
    hint: 'writes: capture, which gives each sample a copy of the file to write',
  },
  {
    name: 'writesNowhere',
    at: 'writes',
    reads: ['stage', 'sample', 'modern', 'effects', 'writes'],
    isSo: (route, { lanes, form, database }) =>
      lanes > 0 &&
      form === 'mysql' &&
      !database.twin &&
      route.writes === 'cage' &&
      writesInLanes(route),
    says: 'writes in a cage, and there is no twin to hold it: every sample would be inconclusive (cage_unfit)',
    hint: 'shadow.database: { url: mysql://…, twin: true } of a copy that no client sees; or writes: capture',
  },
  {
    name: 'idleShadow',
    at: 'stage',
    reads: ['stage', 'sample', 'modern', 'effects', 'writes'],
    isSo: (route) =>
      route.modern !== null &&
      plans[route.stage].shadow !== null &&
      !plans[route.stage].shadowReadsOnly &&
      route.sampleBp > 0 &&
      route.effects !== null &&
      route.effects !== 'read' &&
      !guardsWrites(route),
    says: 'is not shadowed: it writes, and would write twice',
    hint: 'writes: capture or writes: cage, for modern: handlers; or effects: read, if it changes nothing',
  },
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
    name: 'idleShadow',
    at: 'modern',
    reads: ['stage', 'sample', 'modern', 'effects', 'writes'],
    isSo: (route, { lanes, readsTwin }) =>
      lanes > 0 && readsTwin && mayRead(route) && watchKind(route) !== 'cage',
    says: 'is answered from the twin in the shadows, for the config does not say which database legacy writes to: all that has changed there since the twin was copied would differ',
    hint: 'handlers.database.url: the database that legacy and modern share',
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

/** Names of this machine. */
const own: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

/** The host of a database, and its name; null: it is in no server, or nobody knows. */
const databaseOf = (url: string | null | undefined): string | null => {
  const address = parseStoreUrl(url ?? '')
  if (address?.form !== 'mysql') return null
  const host = address.host.toLowerCase()
  return `${own.has(host) ? 'localhost' : host}:${address.port}/${address.database}`
}

const givenOf = (config: Draft['config']): Given => {
  const { handlers, shadow = builtIn.shadow } = config
  return {
    ...shadow,
    form: shadowDatabaseForm({ handlers, shadow }),
    readsTwin:
      shadow.database.twin &&
      databaseOf(handlers.databaseUrl) === null &&
      databaseOf(shadow.database.url) !== null,
    sharesFile: mayShareFile(config),
    mayHaveLog:
      shadow.database.binlog !== 'off' && shadowDatabaseForm({ handlers, shadow }) !== 'sqlite',
  }
}

/** In a cage on the database that clients use, they would wait for its locks. */
export const twinOfItself: Check = (draft) => {
  const { handlers, shadow = builtIn.shadow } = draft.config
  const { url, twin } = shadow.database
  const isItself = url === undefined || databaseOf(url) === databaseOf(handlers.databaseUrl)
  if (!twin || !isItself || (url !== undefined && databaseOf(url) === null)) return []
  const what = url === undefined ? 'has no url, and would be' : 'is'
  const message = `the twin ${what} the database of the handlers, where clients would wait for its cages`
  const hint = 'shadow.database.url: a copy that no client sees; or twin: false'
  return [inMain(draft, ['shadow', 'database', 'twin'], fault('twinOfItself', message, hint))]
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
