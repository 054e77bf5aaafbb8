/** What stands in a lane between the handlers and MySQL or MariaDB. */
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import { createCageSession, whyNoCage } from './cage-session.ts'
import type { Egress } from './egress.ts'
import { createMysqlFacade } from './mysql-facade.ts'
import { loadMysql, type MysqlAddress, type MysqlLink, openLink } from './mysql-link.ts'
import { type MysqlSession, openCapture, refusedError } from './mysql-session.ts'
import type { Prepared, WritesProblem, WritesReport, WritesTerms } from './report.ts'
import { createReport } from './tell-writes.ts'

export interface MysqlDriverOptions {
  /** The handlers' module: its driver is used. */
  readonly module: string
  readonly address: MysqlAddress
  /** Where cages are; null: nowhere, only snapshots are taken. */
  readonly twin: MysqlAddress | null
  readonly egress: Egress
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Monotonic, and the same in all threads. */
const nowAt = (): number => performance.timeOrigin + performance.now()

/** A connection that cannot write whatever is asked of it: not in a transaction, and not out of one. */
const openReading = async (open: () => Promise<MysqlLink>): Promise<MysqlLink> => {
  const link = await open()
  try {
    await link.ask('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ')
    await link.ask('SET SESSION TRANSACTION READ ONLY')
    return link
  } catch (error) {
    link.destroy()
    throw error
  }
}

/** One connection is kept between requests, so that a snapshot is one round trip away. */
const createReadingLinks = (open: () => Promise<MysqlLink>) => {
  let spare: MysqlLink | null = null
  return {
    async take(): Promise<MysqlLink> {
      const kept = spare
      spare = null
      return kept?.isAlive() === true ? kept : openReading(open)
    },
    give(link: MysqlLink): void {
      if (!link.isAlive()) return
      if (spare === null) spare = link
      else link.destroy()
    },
  }
}

/** Proven once for each lane: it is a lane's own server. */
const createProof = (open: () => Promise<MysqlLink>) => {
  let proof: Promise<string | null> | null = null
  return (): Promise<string | null> => {
    proof ??= open().then(whyNoCage)
    // A server that could not be asked is asked again.
    proof.catch(() => {
      proof = null
    })
    return proof
  }
}

class UnfitError extends Error {}

interface Current {
  readonly session: MysqlSession
  readonly link: MysqlLink
}

export const createMysqlDriver = (options: MysqlDriverOptions): LaneDriver => {
  const { module, address, twin, egress } = options
  const mysql = loadMysql(module)
  const opening = (to: MysqlAddress) => (): Promise<MysqlLink> =>
    egress.allow(() => openLink(mysql, to))
  const reading = createReadingLinks(opening(address))
  const openTwin = opening(twin ?? address)
  const proof = createProof(openTwin)
  let current: Current | null = null
  let kind: WritesTerms['kind'] = 'read'
  let problem: WritesProblem | null = null

  const openCage = async (): Promise<Current> => {
    const why = twin === null ? 'shadow.database names no twin' : await proof()
    if (why !== null) throw new UnfitError(why)
    const link = await openTwin()
    try {
      return { link, session: await createCageSession(mysql, link) }
    } catch (error) {
      link.destroy()
      throw error
    }
  }
  const openSnapshot = async (): Promise<Current> => {
    const link = await reading.take()
    try {
      return { link, session: await openCapture(mysql, link) }
    } catch (error) {
      link.destroy()
      throw error
    }
  }
  const end = async (): Promise<WritesReport> => {
    const [was, refused] = [current, egress.take()]
    current = null
    await was?.session.end()
    const found = problem ?? was?.session.problem() ?? null
    const [first] = refused
    const reached: WritesProblem | null =
      first === undefined ? null : { reason: 'egress', detail: first }
    const report = await createReport(kind, reached ?? found, was)
    if (was !== null && kind !== 'cage') reading.give(was.link)
    return report
  }
  // The first snapshot would have to wait for it.
  reading.take().then(reading.give, () => {})
  return {
    database: {
      dialectModule: createMysqlFacade(mysql, async (asked) => {
        if (current === null) throw refusedError('there is no request')
        return current.session.answer(asked)
      }),
    },
    async prepare(terms): Promise<Prepared> {
      const { kind: wanted } = terms as WritesTerms
      kind = wanted
      problem = null
      egress.take()
      try {
        current = await (kind === 'cage' ? openCage() : openSnapshot())
      } catch (error) {
        const reason = error instanceof UnfitError ? 'cage_unfit' : 'snapshot_lost'
        problem = { reason, detail: messageOf(error) }
      }
      return { stoodAt: nowAt(), problem }
    },
    end,
  }
}
