/** Evidence in the database: one row for each route, epoch and instance. */
import { createHash } from 'node:crypto'
import type { Evidence } from '../cutover/evidence.ts'
import { mergeEvidence } from '../cutover/merge-evidence.ts'
import {
  DataTypes,
  type Model,
  type ModelStatic,
  Op,
  type Sequelize,
  type Transaction,
  type WhereOptions,
} from './sequelize.ts'

interface EvidenceRow {
  readonly id: string
  readonly route: string
  readonly epoch: string
  readonly instance: string
  readonly last: number
  /** When the instance was last known to live, Unix milliseconds. */
  readonly touched: number
  /** Its numbers are part of another row now. */
  readonly merged: boolean
  readonly body: string
}

export interface EvidenceRows {
  /** Returns how many were refused, because their instance was taken for dead and merged away. */
  put(all: readonly Evidence[], nowMs: number, transaction: Transaction): Promise<number>
  read(route: string | undefined): Promise<readonly Evidence[]>
  /** Says that these instances live. */
  touch(instances: readonly string[], nowMs: number): Promise<void>
  /** Forgets what had its last sample before that time. */
  prune(beforeMs: number): Promise<void>
  /** Makes one row of those of instances that nobody heard of since that time. */
  mergeSilent(beforeMs: number): Promise<void>
}

/** Stands for an instance where several are counted together. */
const everybody = '*'

const idOf = (route: string, epoch: string, instance: string): string =>
  createHash('sha256')
    .update(JSON.stringify([route, epoch, instance]))
    .digest('hex')

const parsed = ({ body }: EvidenceRow): Evidence => JSON.parse(body) as Evidence

const rowOf = (evidence: Evidence, instance: string, nowMs: number): EvidenceRow => {
  const { route, epoch, last } = evidence
  return {
    id: idOf(route, epoch, instance),
    route: route.slice(0, 255),
    epoch: epoch.slice(0, 255),
    instance: instance.slice(0, 255),
    last,
    touched: nowMs,
    merged: false,
    body: JSON.stringify(evidence),
  }
}

const defineEvidence = (database: Sequelize): ModelStatic<Model<EvidenceRow, EvidenceRow>> =>
  database.define(
    'evidence',
    {
      id: { type: DataTypes.STRING(64), primaryKey: true },
      route: DataTypes.STRING,
      epoch: DataTypes.STRING,
      instance: DataTypes.STRING,
      last: DataTypes.BIGINT,
      touched: DataTypes.BIGINT,
      merged: DataTypes.BOOLEAN,
      body: DataTypes.TEXT,
    },
    { tableName: 'banyan_evidence', timestamps: false },
  )

const updated: (keyof EvidenceRow)[] = ['last', 'touched', 'merged', 'body']

const grouped = (rows: readonly EvidenceRow[]): EvidenceRow[][] => {
  const groups = new Map<string, EvidenceRow[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.route, row.epoch])
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
}

export const createEvidenceRows = (database: Sequelize): EvidenceRows => {
  const table = defineEvidence(database)
  const find = async (
    where: WhereOptions<EvidenceRow>,
    transaction?: Transaction,
  ): Promise<EvidenceRow[]> => {
    const lock = transaction === undefined ? {} : { transaction, lock: true }
    return (await table.findAll({ where, raw: true, ...lock })) as unknown as EvidenceRow[]
  }
  const write = async (rows: readonly EvidenceRow[], transaction: Transaction): Promise<void> => {
    for (const row of rows)
      await table.bulkCreate([row], { updateOnDuplicate: updated, transaction })
  }
  const mergeGroup = async (rows: readonly EvidenceRow[], transaction: Transaction) => {
    const [first] = rows
    if (first === undefined) return
    const id = idOf(first.route, first.epoch, everybody)
    const before = await find({ id }, transaction)
    const together = mergeEvidence([...before, ...rows].map(parsed))
    const latest = Math.max(...rows.map(({ touched }) => Number(touched)))
    const tombs = rows.map((row) => ({ ...row, merged: true, body: '{}' }))
    await write([rowOf(together, everybody, latest), ...tombs], transaction)
  }
  return {
    async put(all, nowMs, transaction) {
      const rows = all.map((evidence) => rowOf(evidence, evidence.instance, nowMs))
      const gone = await find({ id: rows.map(({ id }) => id), merged: true }, transaction)
      const dead = new Set(gone.map(({ id }) => id))
      await write(
        rows.filter(({ id }) => !dead.has(id)),
        transaction,
      )
      return dead.size
    },
    async read(route) {
      const rows = await find({ merged: false, ...(route === undefined ? {} : { route }) })
      return rows.map(parsed)
    },
    async touch(instances, nowMs) {
      if (instances.length === 0) return
      await table.update({ touched: nowMs }, { where: { instance: [...instances], merged: false } })
    },
    async prune(beforeMs) {
      await table.destroy({ where: { last: { [Op.lt]: beforeMs } } })
    },
    mergeSilent: (beforeMs) =>
      database.transaction(async (transaction) => {
        const silent = await find(
          { merged: false, instance: { [Op.ne]: everybody }, touched: { [Op.lt]: beforeMs } },
          transaction,
        )
        for (const rows of grouped(silent)) await mergeGroup(rows, transaction)
      }),
  }
}
