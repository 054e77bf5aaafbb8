/** What is asked, beside the stream, of the server whose binary log is read. */
import { loadMysql, type MysqlAddress, type MysqlLink, openLink } from '../mysql-link.ts'
import { quoteText, readTableFacts, type TableFacts } from '../table-facts.ts'
import type { LogTerms } from './decode-writes.ts'
import type { LogPosition } from './log-position.ts'
import { readLogEnd, readLogFilter } from './read-log-position.ts'
import type { TableMap } from './table-map.ts'

export interface BinlogServer {
  /** The same over all connections to it. */
  readonly name: string
  /** Why its log says nothing of use; null: it does. */
  whyNot(): Promise<string | null>
  /** Everything committed until now is before it. */
  end(): Promise<LogPosition>
  /** Times are called there as in this zone of a session; one without a form: as in the server's own. */
  termsIn(zone: string): LogTerms
  /** Tables may have changed. */
  forgetFacts(): void
  isAlive(): boolean
  close(): void
}

/** Variable, what it has to be, and what to do. One that a server does not have is fine. */
const needs: readonly (readonly [string, string, string])[] = [
  ['log_bin', 'ON', 'start it with log_bin'],
  ['binlog_format', 'ROW', 'set binlog_format = ROW'],
  ['binlog_row_image', 'FULL', 'set binlog_row_image = FULL'],
  ['binlog_annotate_row_events', 'ON', 'set binlog_annotate_row_events = ON'],
  ['binlog_rows_query_log_events', 'ON', 'set binlog_rows_query_log_events = ON'],
  ['binlog_transaction_compression', 'OFF', 'set binlog_transaction_compression = OFF'],
]

const names = needs.map(([name]) => `'${name}'`).join(', ')

const whyNotLogged = async (link: MysqlLink, schema: string): Promise<string | null> => {
  const filter = await readLogFilter(link, schema)
  return filter && `${filter} keeps ${schema} out of the log there: change it`
}

const whyNot = async (link: MysqlLink, schema: string): Promise<string | null> => {
  const { ask } = link
  const rows = await ask(`SHOW GLOBAL VARIABLES WHERE Variable_name IN (${names})`)
  const is = new Map(rows.map(([name, value]) => [name ?? '', value ?? '']))
  const wrong = needs.find(([name, wanted]) => (is.get(name) ?? wanted).toUpperCase() !== wanted)
  if (wrong === undefined) return whyNotLogged(link, schema)
  const [name, , hint] = wrong
  return `${name} is ${is.get(name)} there: ${hint}`
}

const zoneForm = /^[\w/+:-]{1,64}$/

/** For people: tables of other schemas are named with them. */
const displayName = ({ schema, table }: TableMap, database: string): string =>
  schema.toLowerCase() === database.toLowerCase() ? table : `${schema}.${table}`

const createFacts = (link: MysqlLink, database: string) => {
  const known = new Map<string, TableFacts>()
  return {
    clear: () => known.clear(),
    async of(map: TableMap): Promise<TableFacts> {
      const name = displayName(map, database)
      const facts =
        known.get(name) ?? (await readTableFacts(map.table, link.isMariadb, link.ask, map.schema))
      known.set(name, facts)
      return { ...facts, name }
    },
  }
}

/** Both statements are given at once: what others ask of the same connection comes before or after. */
const timesIn =
  ({ ask }: MysqlLink, zone: string): LogTerms['timesOf'] =>
  async (seconds) => {
    const whole = seconds.filter((each) => /^[1-9]\d{0,11}$/.test(each))
    const zero = ['0', '0000-00-00 00:00:00'] as const
    if (whole.length === 0) return new Map([zero])
    const [, [row = []]] = await Promise.all([
      ask(`SET time_zone = ${zoneForm.test(zone) ? quoteText(zone) : 'DEFAULT'}`),
      ask(`SELECT ${whole.map((each) => `FROM_UNIXTIME(${each})`).join(', ')}`),
    ])
    return new Map([zero, ...whole.map((each, n) => [each, row[n] ?? each] as const)])
  }

/** Rejects where it cannot be reached. */
export const openBinlogServer = async (address: MysqlAddress): Promise<BinlogServer> => {
  const link = await openLink(loadMysql(import.meta.filename), address)
  const facts = createFacts(link, address.database)
  return {
    name: link.server,
    whyNot: () => whyNot(link, address.database),
    async end() {
      const found = await readLogEnd(link)
      if (found === null) throw new Error('the server does not say where its binary log ends')
      return found
    },
    termsIn: (zone) => ({ factsOf: facts.of, timesOf: timesIn(link, zone) }),
    forgetFacts: facts.clear,
    isAlive: link.isAlive,
    close: link.destroy,
  }
}
