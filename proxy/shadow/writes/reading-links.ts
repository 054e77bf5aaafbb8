/** Connections that cannot write, whatever is asked of them. */
import type { MysqlLink } from './mysql-link.ts'

/** A connection that cannot write whatever is asked of it: not in a transaction, and not out of one. */
export const openReading = async (open: () => Promise<MysqlLink>): Promise<MysqlLink> => {
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

export interface ReadingLinks {
  take(): Promise<MysqlLink>
  /** Of no use any more to whoever took it. */
  give(link: MysqlLink): void
  /** Of no use any more. */
  close(): void
}

/** One is kept between requests, so that a snapshot is one round trip away. */
export const createReadingLinks = (open: () => Promise<MysqlLink>): ReadingLinks => {
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
    close(): void {
      spare?.destroy()
      spare = null
    },
  }
}
