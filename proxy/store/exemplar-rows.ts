/** Exemplars in the database: few of each kin, so that what is rare is not crowded out. */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Exemplar } from '../shadow/finding.ts'
import { exemplarKin } from './exemplar-kin.ts'
import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Order,
  type Sequelize,
  type Transaction,
  type WhereOptions,
} from './sequelize.ts'
import type { ExemplarQuery } from './store.ts'
import { exemplarText, readExemplar } from './stored-json.ts'

interface ExemplarRow {
  readonly id: string
  readonly kin: string
  readonly route: string
  readonly outcome: string
  readonly confirmed: boolean
  readonly at: number
  readonly bytes: number
  /** JSON: every place that differs. */
  readonly patterns: string
  readonly body: string
}

interface Wanted {
  readonly where?: WhereOptions<ExemplarRow>
  readonly order?: Order
  readonly offset?: number
  readonly limit?: number
}

type Head = Pick<ExemplarRow, 'id' | 'patterns'>

export interface ExemplarRows {
  put(all: readonly Exemplar[], transaction: Transaction): Promise<void>
  find(query: ExemplarQuery): Promise<readonly Exemplar[]>
  /** The newest one, of every route where none is named. */
  get(id: string, route?: string): Promise<Exemplar | null>
  prune(beforeMs: number): Promise<void>
  /** Deletes the oldest, unconfirmed ones first, until all of them take less than this. */
  shrink(limitBytes: number): Promise<void>
}

/** Of one route and outcome that differ most gravely at one place, this many are kept. */
export const mostOfKin = 10

const usualLimit = 20
const mostFound = 500

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex')

const shortOf = (id: string): string => (id.length <= 128 ? id : hashed(id))

/** Clients name requests: what two of them call alike, on two routes, is no one exchange. */
const keyOf = ({ id, route }: Pick<Exemplar, 'id' | 'route'>): string =>
  `${shortOf(id)}\n${hashed(route)}`

/** The keys of an id on every route: those that begin with it, and the one of before there were routes in it. */
const keysOf = (id: string): WhereOptions<ExemplarRow> => {
  const short = shortOf(id)
  return { id: { [Op.or]: [short, { [Op.gte]: `${short}\n`, [Op.lt]: `${short}\v` }] } }
}

const rowOf = (exemplar: Exemplar): ExemplarRow => {
  const { route, outcome, confirmed, at, comparison } = exemplar
  const body = exemplarText(exemplar)
  const patterns = new Set(comparison?.differences.map(({ pattern }) => pattern))
  return {
    id: keyOf(exemplar),
    // Of a length that an index can have.
    kin: hashed(exemplarKin(exemplar)),
    route: route.slice(0, 255),
    outcome,
    confirmed,
    at,
    bytes: Buffer.byteLength(body),
    patterns: JSON.stringify([...patterns]),
    body,
  }
}

const define = (database: Sequelize): ModelStatic<Model<ExemplarRow, ExemplarRow>> =>
  database.define(
    'exemplar',
    {
      id: { type: DataTypes.STRING, primaryKey: true },
      kin: DataTypes.STRING(64),
      route: DataTypes.STRING,
      outcome: DataTypes.STRING(32),
      confirmed: DataTypes.BOOLEAN,
      at: DataTypes.BIGINT,
      bytes: DataTypes.BIGINT,
      patterns: DataTypes.TEXT,
      body: DataTypes.TEXT,
    },
    { tableName: 'banyan_exemplars', timestamps: false },
  )

const updated: (keyof ExemplarRow)[] = [
  'kin',
  'outcome',
  'confirmed',
  'at',
  'bytes',
  'patterns',
  'body',
]

const bestFirst: Order = [
  ['confirmed', 'DESC'],
  ['at', 'DESC'],
  ['id', 'DESC'],
]
const newestFirst: Order = [
  ['at', 'DESC'],
  ['id', 'DESC'],
]
const worstFirst: Order = [
  ['confirmed', 'ASC'],
  ['at', 'ASC'],
]

const whereOf = ({ route, outcome }: ExemplarQuery): WhereOptions<ExemplarRow> => ({
  ...(route === undefined ? {} : { route }),
  ...(outcome === undefined ? {} : { outcome }),
})

const differsAt =
  (pattern: string | undefined) =>
  ({ patterns }: Head): boolean =>
    pattern === undefined || (JSON.parse(patterns) as string[]).includes(pattern)

type Sized = Pick<ExemplarRow, 'id' | 'bytes'>

const bytesOf = (rows: readonly Sized[]): number =>
  rows.reduce((sum, { bytes }) => sum + Number(bytes), 0)

/** As many from the front as take this many bytes. */
const enough = (rows: readonly Sized[], wanted: number): readonly Sized[] => {
  const at = rows.findIndex((_, i) => bytesOf(rows.slice(0, i + 1)) >= wanted)
  return at === -1 ? rows : rows.slice(0, at + 1)
}

export const createExemplarRows = (database: Sequelize): ExemplarRows => {
  const table = define(database)
  const rows = async <Name extends keyof ExemplarRow>(
    names: readonly Name[],
    options: Wanted,
    transaction?: Transaction,
  ): Promise<Pick<ExemplarRow, Name>[]> => {
    const within = transaction === undefined ? {} : { transaction }
    const found = await table.findAll({ ...options, attributes: [...names], raw: true, ...within })
    return found as unknown as Pick<ExemplarRow, Name>[]
  }
  const drop = async (ids: readonly string[], transaction?: Transaction): Promise<void> => {
    const within = transaction === undefined ? {} : { transaction }
    if (ids.length > 0) await table.destroy({ where: { id: [...ids] }, ...within })
  }
  const thin = async (kin: string, transaction: Transaction): Promise<void> => {
    const beyond = { where: { kin }, order: bestFirst, offset: mostOfKin, limit: 10_000 }
    const extra = await rows(['id'], beyond, transaction)
    await drop(
      extra.map(({ id }) => id),
      transaction,
    )
  }
  const read = async (where: WhereOptions<ExemplarRow>): Promise<readonly Exemplar[]> => {
    const found = await rows(['body'], { where, order: newestFirst })
    return found.map(({ body }) => readExemplar(body))
  }
  return {
    async put(all, transaction) {
      const put = all.map(rowOf)
      for (const row of put)
        await table.bulkCreate([row], { updateOnDuplicate: updated, transaction })
      for (const kin of new Set(put.map((row) => row.kin))) await thin(kin, transaction)
    },
    async find(query) {
      const heads = await rows(['id', 'patterns'], { where: whereOf(query), order: newestFirst })
      const limit = Math.max(0, Math.min(query.limit ?? usualLimit, mostFound))
      const fitting = heads.filter(differsAt(query.pattern)).slice(0, limit)
      return read({ id: fitting.map(({ id }) => id) })
    },
    async get(id, route) {
      const found = await read(keysOf(id))
      return found.find((each) => route === undefined || each.route === route) ?? null
    },
    async prune(beforeMs) {
      await table.destroy({ where: { at: { [Op.lt]: beforeMs } } })
    },
    async shrink(limitBytes) {
      let over = Number((await table.sum('bytes')) ?? 0) - limitBytes
      while (over > 0) {
        const worst = await rows(['id', 'bytes'], { order: worstFirst, limit: 100 })
        const gone = enough(worst, over)
        if (gone.length === 0) return
        await drop(gone.map(({ id }) => id))
        over -= bytesOf(gone)
      }
    },
  }
}
