/** What the server says of one table: its columns, what identifies its rows, what stands in the way. */

/** Text as the server writes it; null: NULL. */
export type SqlValue = string | null
export type SqlRow = readonly SqlValue[]

/** Asks the server; it can only read. Rejects with the server's error. */
export type AskRows = (sql: string) => Promise<readonly SqlRow[]>

export interface Column {
  readonly name: string
  /** `varchar(255)`, with what it says of characters. */
  readonly type: string
  /** `varchar` */
  readonly dataType: string
  readonly isNullable: boolean
  /** An expression that gives its default; null: it has none. */
  readonly fallback: string | null
  readonly isAuto: boolean
  /** Whether the server sets it to the time of each change. */
  readonly isTouched: boolean
}

export interface UniqueKey {
  readonly name: string
  readonly columns: readonly string[]
}

/** Rows of one table that are there only with rows of another one. */
export interface ForeignKey {
  /** What the other table is to this one. */
  readonly is: 'parent' | 'child'
  readonly table: string
  readonly columns: readonly string[]
  /** Columns of the other table, in the order of `columns`. */
  readonly others: readonly string[]
}

export interface TableFacts {
  readonly name: string
  readonly columns: readonly Column[]
  readonly primary: readonly string[]
  /** The primary key among them, first. */
  readonly uniques: readonly UniqueKey[]
  /** Why its changes cannot be recorded; null: they can. */
  readonly unfit: string | null
  /** Why rows that a change has touched cannot be found, even once it is made; null: they can. */
  readonly unseen: string | null
  /** Whether a row that goes takes rows of other tables with it. */
  readonly cascades: boolean
  /** Absent: nobody has asked for them. */
  readonly foreign?: readonly ForeignKey[]
}

export const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** Free of quotes and backslashes, however the server reads them. */
export const quoteText = (text: string): string =>
  text === '' ? "''" : `CONVERT(X'${Buffer.from(text).toString('hex')}' USING utf8mb4)`

const binaries: ReadonlySet<string> = new Set(
  'binary varbinary tinyblob blob mediumblob longblob'.split(' '),
)
const unknownTypes: ReadonlySet<string> = new Set(
  'bit geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection geomcollection vector set'.split(
    ' ',
  ),
)

export const isBinary = ({ dataType }: Column): boolean => binaries.has(dataType)

/** Whether its values are text that says all of them. */
export const isPlain = ({ dataType }: Column): boolean =>
  !binaries.has(dataType) && !unknownTypes.has(dataType)

const words = (text: SqlValue): string => (text ?? '').toLowerCase()

/** MariaDB tells a default as an expression, MySQL as the text itself unless it says otherwise. */
const fallbackOf = (text: SqlValue, extra: string, isMariadb: boolean): string | null => {
  if (text === null) return null
  if (isMariadb || extra.includes('default_generated')) return text
  return /^current_timestamp/i.test(text) ? text : quoteText(text)
}

const columnOf = (row: SqlRow, isMariadb: boolean): Column => {
  const [name, type, dataType, nullable, fallback, extra, charset, collation] = row
  const about = words(extra ?? null)
  const letters = charset == null ? '' : ` CHARACTER SET ${charset} COLLATE ${collation}`
  return {
    name: name ?? '',
    type: `${type}${letters}`,
    dataType: words(dataType ?? null),
    isNullable: nullable === 'YES',
    fallback: fallbackOf(fallback ?? null, about, isMariadb),
    isAuto: about.includes('auto_increment'),
    isTouched: about.includes('on update'),
  }
}

const uniquesOf = (rows: readonly SqlRow[]): readonly UniqueKey[] => {
  const keys = new Map<string, string[]>()
  for (const [name, column] of rows) {
    keys.set(name ?? '', [...(keys.get(name ?? '') ?? []), column ?? ''])
  }
  const all = [...keys].map(([name, columns]) => ({ name, columns }))
  return [
    ...all.filter(({ name }) => name === 'PRIMARY'),
    ...all.filter(({ name }) => name !== 'PRIMARY'),
  ]
}

interface Oddities {
  readonly generated: boolean
  readonly partial: boolean
  readonly triggers: boolean
}

const whyUnseen = (
  about: SqlRow | undefined,
  uniques: readonly UniqueKey[],
  { triggers, partial }: Oddities,
): string | null => {
  if (about === undefined) return 'there is no such table'
  if (about[0] !== 'BASE TABLE') return 'it is no plain table'
  if (uniques[0]?.name !== 'PRIMARY') return 'it has no primary key'
  if (triggers) return 'it has triggers'
  return partial
    ? 'one of its unique keys is over a part, an expression or a computed column'
    : null
}

const whyUnfit = (
  [, engine]: SqlRow,
  columns: readonly Column[],
  { generated }: Oddities,
): string | null => {
  if (words(engine ?? null) !== 'innodb')
    return `its engine is ${engine}: what it holds is in no snapshot`
  if (generated) return 'it has columns that the server computes'
  const odd = columns.find(({ dataType }) => unknownTypes.has(dataType))
  return odd === undefined ? null : `its column ${odd.name} is of type ${odd.dataType}`
}

const isComputed = ([, , , , , extra]: SqlRow): boolean =>
  /generated|virtual|persistent|stored/i.test((extra ?? '').replace(/default_generated/i, ''))

/** @param schema absent: the one that the connection has chosen */
export const readTableFacts = async (
  name: string,
  isMariadb: boolean,
  ask: AskRows,
  schema?: string,
): Promise<TableFacts> => {
  const there = schema === undefined ? 'DATABASE()' : quoteText(schema)
  const here = `TABLE_SCHEMA = ${there} AND TABLE_NAME = ${quoteText(name)}`
  const [about] = await ask(
    `SELECT TABLE_TYPE, ENGINE FROM information_schema.TABLES WHERE ${here}`,
  )
  const rows = await ask(
    `SELECT COLUMN_NAME, COLUMN_TYPE, DATA_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, CHARACTER_SET_NAME, COLLATION_NAME FROM information_schema.COLUMNS WHERE ${here} ORDER BY ORDINAL_POSITION`,
  )
  const keys = await ask(
    `SELECT INDEX_NAME, COLUMN_NAME, SUB_PART FROM information_schema.STATISTICS WHERE ${here} AND NON_UNIQUE = 0 ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
  )
  const triggers = await ask(
    `SELECT 1 FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ${there} AND EVENT_OBJECT_TABLE = ${quoteText(name)} LIMIT 1`,
  )
  const cascades = await ask(
    `SELECT 1 FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE UNIQUE_CONSTRAINT_SCHEMA = ${there} AND REFERENCED_TABLE_NAME = ${quoteText(name)} LIMIT 1`,
  )
  const columns = rows.map((row) => columnOf(row, isMariadb))
  const uniques = uniquesOf(keys)
  const computed = rows.filter(isComputed).map(([column]) => column)
  const oddities = {
    generated: computed.length > 0,
    partial: keys.some(
      ([, column, part]) => column === null || part !== null || computed.includes(column ?? null),
    ),
    triggers: triggers.length > 0,
  }
  const unseen = whyUnseen(about, uniques, oddities)
  return {
    ...{ name, columns, uniques, unseen },
    primary: uniques.find((key) => key.name === 'PRIMARY')?.columns ?? [],
    unfit: unseen ?? whyUnfit(about ?? [], columns, oddities),
    cascades: cascades.length > 0,
  }
}
