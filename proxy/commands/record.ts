/** `banyan record`: a running proxy streams what clients ask and get; this writes it down. */
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { readDuration, readSize } from '../config/units.ts'
import type { RecordingCounts, RecordingEnd, RecordingProgress } from '../recording/recorded.ts'
import { recordingLimits } from '../recording/recording-limits.ts'
import { type AdminClient, createAdminClient } from './admin-client.ts'
import { findAdmin } from './find-admin.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { createProgress } from './progress.ts'
import { answering, CommandError, note, say, usageError } from './say.ts'
import { spanOf } from './status-view.ts'

export interface RecordOptions extends Common {
  /** Ids; empty: all routes. */
  readonly routes: readonly string[]
  /** As they were typed. */
  readonly for: string
  readonly limit: string
  readonly size: string
  /** Null: standard output. */
  readonly out: string | null
  /** Origin of the admin port; null: what the config says. */
  readonly admin: string | null
}

const isWithin = (value: number | null, most: number): boolean =>
  value !== null && value > 0 && value <= most

/** @throws CommandError for what no proxy would take */
const orderOf = ({ routes, for: text, limit, size }: RecordOptions) => {
  const { forMs, bytes, exchanges } = recordingLimits
  if (!isWithin(readDuration(text), forMs)) {
    throw usageError(`--for takes no "${text}"`, 'write 30s or 10m, at most 24h')
  }
  if (!isWithin(readSize(size), bytes)) {
    throw usageError(`--size takes no "${size}"`, 'write 64MiB or 1GiB, at most 4GiB')
  }
  const count = Number(limit)
  if (!Number.isSafeInteger(count) || !isWithin(count, exchanges)) {
    throw usageError(`--limit takes no "${limit}"`, `write a whole number from 1 to ${exchanges}`)
  }
  return { routes, for: text, limit: count, size }
}

/** Where the lines go. Rejects where they cannot be written. */
interface Paper {
  write(line: string): Promise<void>
  close(): Promise<void>
}

const unwritable = (path: string, error: unknown): CommandError => {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EEXIST') {
    return new CommandError(exit.no, `${path} is there already`, 'a recording overwrites nothing')
  }
  return new CommandError(exit.unreachable, `${path} cannot be written: ${message}`)
}

/** What is recorded is redacted, and still nobody else's business. */
const privateFile = 0o600

const openFile = async (path: string): Promise<Paper> => {
  const refuse = (error: unknown): never => {
    throw unwritable(path, error)
  }
  const handle = await open(path, 'wx', privateFile).catch(refuse)
  return {
    write: (line) => handle.appendFile(line).catch(refuse),
    close: () => handle.close(),
  }
}

const openPaper = async (path: string | null, io: Pick<Io, 'out'>): Promise<Paper> =>
  path === null ? { write: async (line) => io.out(line), close: async () => {} } : openFile(path)

const countOf = ({ dropped }: RecordingCounts): number =>
  Object.values(dropped).reduce((sum, each) => sum + each, 0)

const told = (counts: RecordingCounts): string => {
  const lost = countOf(counts)
  const kib = Math.ceil(counts.bytes / 1024)
  return `${counts.recorded} exchanges, ${kib} KiB${lost === 0 ? '' : `, ${lost} dropped`}`
}

const endings: Readonly<Record<RecordingEnd['end']['why'], string>> = {
  time: 'its time is up',
  count: 'it has as many exchanges as it may have',
  bytes: 'it is as large as it may be',
  stopped: 'it was stopped',
  reader_gone: 'nobody read it any more',
  shutdown: 'the proxy ended',
}

/** What is no exchange is small, and begins with its name. */
const read = (line: string): Partial<RecordingProgress & RecordingEnd> =>
  line.startsWith('{"progress"') || line.startsWith('{"end"') ? JSON.parse(line) : {}

const lastWaitMs = 20_000

/** Asks for the end of it, and then breaks off what does not end. */
const stopOn = (stop: AbortSignal, client: AdminClient, cut: AbortController, io: Io): void => {
  stop.addEventListener('abort', () => {
    note(io, 'ending; what is under way is still written')
    void client.ask('DELETE', '/v1/recording').catch(() => cut.abort())
    setTimeout(() => cut.abort(), lastWaitMs).unref()
  })
}

const copy = async (
  body: AsyncIterable<Uint8Array>,
  paper: Paper,
  io: Io,
): Promise<RecordingEnd['end'] | null> => {
  const progress = createProgress(io)
  let end: RecordingEnd['end'] | null = null
  const lines = createInterface({ input: Readable.from(body), crlfDelay: Number.POSITIVE_INFINITY })
  // Broken off because the paper takes no more, it ends with an error that nobody awaits.
  lines.on('error', () => {})
  for await (const line of lines) {
    const { progress: counts, end: last } = read(line)
    if (counts !== undefined) {
      progress.show(`${told(counts)}, ${spanOf(counts.leftMs)} left`)
      continue
    }
    end = last ?? end
    await paper.write(`${line}\n`)
  }
  progress.clear()
  return end
}

/** Exits 3 where no proxy answers or the recording breaks off, 2 beyond a limit, 1 where the proxy refuses. */
export const record = (options: RecordOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const order = orderOf(options)
    const client = createAdminClient(await findAdmin(options, io), io)
    const cut = new AbortController()
    const body = await client.stream('/v1/recording', order, cut.signal)
    const paper = await openPaper(options.out, io).catch((error: unknown) => {
      cut.abort()
      throw error
    })
    stopOn(io.stop(), client, cut, io)
    const end = await copy(body, paper, io)
      .catch((error: unknown) => {
        if (error instanceof CommandError) throw error
        return null
      })
      .finally(() => {
        cut.abort()
        return paper.close()
      })
    if (end === null) {
      const message = 'the recording broke off; what came until then can be replayed'
      throw new CommandError(exit.unreachable, message)
    }
    const { why, ...counts } = end
    const text = `recorded ${told(counts)}: ${endings[why]}\n`
    if (options.out === null) note(io, text.trimEnd())
    else say(io, options, { json: { file: options.out, ...end }, text })
    return exit.fine
  })
