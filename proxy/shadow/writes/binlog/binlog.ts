/** The binary log as the main thread sees it: a thread that is asked what legacy wrote. */
import { Worker } from 'node:worker_threads'
import type { Log } from '../../../telemetry/log.ts'
import type { MysqlAddress } from '../mysql-link.ts'
import type {
  BinlogAsk,
  BinlogFinding,
  BinlogState,
  BinlogTask,
  FromBinlog,
  ToBinlog,
} from './binlog-messages.ts'
import { type BinlogStatus, createBinlogStanding } from './binlog-status.ts'

export interface Binlog {
  /** Whether routes are shadowed that need it: only then is anything read. */
  want(isWanted: boolean): void
  /** Null: nobody wants it. */
  isReading(): boolean | null
  /** Null: nobody wants it. */
  status(): BinlogStatus | null
  /** Never rejects. */
  find(ask: BinlogAsk): Promise<BinlogFinding>
  /** Requests whose rows were forgotten unasked, so far. */
  dropped(): number
  close(): Promise<void>
}

export interface BinlogOptions {
  readonly address: MysqlAddress
  /** Where cages are; null or absent: nowhere. */
  readonly twin?: MysqlAddress | null
  readonly log: Pick<Log, 'info' | 'warn'>
  /** Throws where the machine has no more threads; default: starts one. */
  readonly startThread?: StartThread
  /** Unix milliseconds; default: of the system. */
  readonly wallNow?: () => number
}

/** A thread that cannot start must not be started a thousand times a second. */
const restMs = 5_000
/** Longer than the thread itself waits. */
const patienceMs = 10_000
const heapMb = 128

interface Thread {
  post(message: ToBinlog): void
  end(): Promise<void>
}

interface ThreadListener {
  heard(message: FromBinlog): void
  lost(error: unknown): void
}

type StartThread = (task: BinlogTask, to: ThreadListener) => Thread

const startWorker: StartThread = (task, { heard, lost }) => {
  const worker = new Worker(new URL('./binlog-thread.js', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
    name: 'banyan-binlog',
  })
  worker.unref()
  worker.on('message', heard)
  worker.on('error', lost)
  worker.on('messageerror', lost)
  worker.on('exit', (code) => lost(new Error(`the thread ended with ${code}`)))
  return {
    post: (message) => worker.postMessage(message),
    async end() {
      worker.removeAllListeners()
      worker.on('error', () => {})
      await worker.terminate()
    },
  }
}

/** Tells each state once until another one has come. */
const createTellState = (log: BinlogOptions['log']) => {
  let last = ''
  return (state: BinlogState): void => {
    const text = state.is === 'reading' ? `read ${state.server}` : `unread ${state.why}`
    if (text === last) return
    last = text
    if (state.is === 'reading') log.info('binlog_read', { server: state.server })
    else log.warn('binlog_unread', { detail: state.why })
  }
}

const notRead: BinlogFinding = {
  is: 'unread',
  isLate: null,
  why: 'nobody reads the binary log now',
}

/** So many different reasons are told. */
const mostReasons = 100

const unnamed =
  'a sampled request wrote nothing that names it: either nothing, or by statements without its id in a comment'

/** Tells once why a request was not found, each reason. */
const createTellFinding = (log: BinlogOptions['log']) => {
  const told = new Set<string>()
  return (finding: BinlogFinding): BinlogFinding => {
    if (finding.is === 'found') return finding
    const detail = finding.is === 'unread' ? finding.why : unnamed
    if (told.has(detail) || told.size >= mostReasons) return finding
    told.add(detail)
    log.warn('binlog_unread', { detail })
    return finding
  }
}

/** Questions that are not answered. */
const createQuestions = () => {
  const open = new Map<number, (finding: BinlogFinding) => void>()
  let last = 0
  const answer = (of: number, finding: BinlogFinding): void => {
    open.get(of)?.(finding)
    open.delete(of)
  }
  return {
    answer,
    ask: (post: (of: number) => void): Promise<BinlogFinding> =>
      new Promise((resolve) => {
        last += 1
        const of = last
        const timer = setTimeout(answer, patienceMs, of, notRead)
        open.set(of, (finding) => {
          clearTimeout(timer)
          resolve(finding)
        })
        post(of)
      }),
    giveUp(): void {
      for (const of of [...open.keys()]) answer(of, notRead)
    },
  }
}

export const createBinlog = (options: BinlogOptions): Binlog => {
  const { address, twin = null, log, startThread = startWorker, wallNow = Date.now } = options
  const tellState = createTellState(log)
  const tellFinding = createTellFinding(log)
  const questions = createQuestions()
  const standing = createBinlogStanding(`${address.host}:${address.port}`, wallNow)
  let thread: Thread | null = null
  let dropped = 0
  let restart: NodeJS.Timeout | undefined

  const end = (): Promise<void> | undefined => {
    clearTimeout(restart)
    const was = thread
    thread = null
    questions.giveUp()
    return was?.end()
  }
  const stop = (): Promise<void> | undefined => {
    standing.end()
    return end()
  }
  const setState = (next: BinlogState): void => {
    standing.hear(next)
    tellState(next)
  }
  const heard = (message: FromBinlog): void => {
    if (message.is === 'state') setState(message.state)
    else if (message.is === 'at') standing.at(message.position)
    else {
      dropped = message.dropped
      questions.answer(message.of, message.finding)
    }
  }
  const lost = (error: unknown): void => {
    void end()
    setState({ is: 'off', why: error instanceof Error ? error.message : String(error) })
    restart = setTimeout(start, restMs).unref()
  }
  /** Whoever reloads a config need not hear of a machine that has no more threads. */
  const start = (): void => {
    standing.begin()
    try {
      thread = startThread({ address, twin }, { heard, lost })
    } catch (error) {
      lost(error)
    }
  }
  return {
    want(wanted) {
      if (wanted === (standing.status() !== null)) return
      if (wanted) start()
      else void stop()
    },
    ...{ isReading: standing.isReading, status: standing.status },
    find: (ask) =>
      standing.isReading() === true
        ? questions.ask((of) => thread?.post({ is: 'find', of, ask })).then(tellFinding)
        : Promise.resolve(notRead),
    dropped: () => dropped,
    close: async () => stop(),
  }
}
