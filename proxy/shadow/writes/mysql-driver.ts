/** What stands in a lane between the handlers and MySQL or MariaDB. */
import type { LaneDriver } from '../../targets/lanes/lane-messages.ts'
import { createCageSession, whyNoCage } from './cage-session.ts'
import type { Egress } from './egress.ts'
import { createKnownFacts } from './known-facts.ts'
import { moment } from './moment.ts'
import { createMysqlFacade } from './mysql-facade.ts'
import {
  loadMysql,
  type MysqlAddress,
  type MysqlLink,
  type MysqlModule,
  openLink,
} from './mysql-link.ts'
import { type MysqlSession, openCapture, refusedError } from './mysql-session.ts'
import { createReadingLinks, type ReadingLinks } from './reading-links.ts'
import type { Prepared, WritesProblem, WritesReport, WritesTerms } from './report.ts'
import { createReport } from './tell-writes.ts'

export interface MysqlDriverOptions {
  /** The handlers' module: its driver is used. */
  readonly module: string
  readonly address: MysqlAddress
  /** Where cages are; null: nowhere, only snapshots are taken. */
  readonly twin: MysqlAddress | null
  readonly egress: Pick<Egress, 'allow' | 'note'>
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

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

/** As a pool says it when it lets go of a connection. */
const ends = /^\s*(?:ROLLBACK|COMMIT)\b/i

class UnfitError extends Error {}

interface Current {
  readonly session: MysqlSession
  readonly link: MysqlLink
}

const entered = async (
  link: MysqlLink,
  enter: (link: MysqlLink) => Promise<MysqlSession>,
): Promise<Current> => {
  try {
    return { link, session: await enter(link) }
  } catch (error) {
    link.destroy()
    throw error
  }
}

const openSnapshot = async (mysql: MysqlModule, links: ReadingLinks): Promise<Current> =>
  entered(await links.take(), (link) => openCapture(mysql, link))

export const createMysqlDriver = (options: MysqlDriverOptions): LaneDriver => {
  const { module, address, twin, egress } = options
  const mysql = loadMysql(module)
  const opening = (to: MysqlAddress) => (): Promise<MysqlLink> =>
    egress.allow(() => openLink(mysql, to))
  const reading = createReadingLinks(opening(address))
  const openTwin = opening(twin ?? address)
  const [proof, knownFacts] = [createProof(openTwin), createKnownFacts()]
  let current: Current | null = null
  let terms: WritesTerms = { kind: 'read' }
  let problem: WritesProblem | null = null

  const open: Readonly<Record<WritesTerms['kind'], () => Promise<Current>>> = {
    read: () => openSnapshot(mysql, reading),
    capture: () => openSnapshot(mysql, reading),
    async cage() {
      const why = twin === null ? 'shadow.database names no twin' : await proof()
      if (why !== null) throw new UnfitError(why)
      const known = terms.isRecorded === true ? knownFacts() : null
      return entered(await openTwin(), (link) => createCageSession(mysql, link, known))
    },
  }
  const end = async (): Promise<WritesReport> => {
    const [was, { kind }] = [current, terms]
    current = null
    const intended = kind === 'read' ? null : await was?.session.intended?.()
    await was?.session.end()
    const found = problem ?? was?.session.problem() ?? null
    const report = await createReport(kind, found, was)
    const told = report.problem === null && intended != null ? { ...report, intended } : report
    if (was !== null && kind !== 'cage') reading.give(was.link)
    return told
  }
  // The first snapshot would have to wait for it.
  reading.take().then(reading.give, () => {})
  return {
    database: {
      dialectModule: createMysqlFacade(mysql, async (asked) => {
        if (current !== null) return current.session.answer(asked)
        if (!ends.test(asked.sql)) egress.note('a statement to its database')
        throw refusedError('there is no request')
      }),
    },
    async prepare(given): Promise<Prepared> {
      terms = given as WritesTerms
      problem = null
      try {
        current = await open[terms.kind]()
      } catch (error) {
        const reason = error instanceof UnfitError ? 'cage_unfit' : 'snapshot_lost'
        problem = { reason, detail: messageOf(error) }
      }
      return { stoodAt: moment(), problem }
    },
    end,
  }
}
