/** Whose binary log is read, as the config says it. Pure. */
import type { Config } from '../../../config/config.ts'
import { parseStoreUrl } from '../../../store/store-url.ts'
import type { MysqlAddress } from '../mysql-link.ts'

const mysqlOf = (url: string | null | undefined): MysqlAddress | null => {
  const address = parseStoreUrl(url ?? '')
  return address?.form === 'mysql' ? address : null
}

type Databases = Pick<Config, 'handlers'> & { readonly shadow: NonNullable<Config['shadow']> }

/** Null: nobody's. */
export const binlogAddressOf = ({ handlers, shadow }: Databases): MysqlAddress | null => {
  const { url, twin, binlog } = shadow.database
  if (binlog === 'off') return null
  // Snapshots are of what legacy writes; a twin is for cages alone.
  const read = mysqlOf(twin ? handlers.databaseUrl : (url ?? handlers.databaseUrl))
  if (binlog === 'auto') return read
  const own = mysqlOf(binlog)
  // Its tables are named as shadows name them.
  return own && { ...own, database: read?.database ?? own.database }
}

/** Where cages are; null: nowhere. */
export const twinAddressOf = ({
  database: { url, twin },
}: Pick<Databases['shadow'], 'database'>): MysqlAddress | null => (twin ? mysqlOf(url) : null)
