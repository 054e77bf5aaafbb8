/** What lanes of shadows are told of their database. */
import type { ShadowConfig } from '../../config/shadow-config.ts'
import type { LaneDatabase } from '../../targets/lanes/lane-messages.ts'

/** Plain data. */
export interface LaneDatabaseOptions {
  /** Where shadows read; null: where the handlers do. */
  readonly url: string | null
  /** Whether that is a twin: a database that clients never see. */
  readonly isTwin: boolean
  /** Whether the routes of these lanes write. */
  readonly isWriting: boolean
  /** A larger SQLite file is not copied. */
  readonly copyLimitBytes: number
  /** What shadows may reach besides: `host:port`. */
  readonly egress: readonly string[]
}

export const laneDatabaseOf = (
  {
    database,
    copyLimitBytes,
    egress,
  }: Pick<ShadowConfig, 'database' | 'copyLimitBytes' | 'egress'>,
  isWriting: boolean,
): LaneDatabase => {
  const { url = null, twin: isTwin } = database
  const options: LaneDatabaseOptions = { url, isTwin, isWriting, copyLimitBytes, egress }
  return { module: new URL('./lane-database.js', import.meta.url).href, options }
}
