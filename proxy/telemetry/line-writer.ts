/**
 * Writes lines to a file descriptor without ever making the caller wait or fail. Lines are batched;
 * what cannot be written (broken pipe, full disk, a reader that sleeps) is dropped and counted.
 */
import { Buffer } from 'node:buffer'
import { write as writeAsync, writeSync } from 'node:fs'

export interface LineWriter {
  /** @param line ends with a newline */
  write(line: string): void
  /** Resolves when everything written before is out or lost. */
  flush(): Promise<void>
  /** For the moment of exit: what is waiting, at once; gives up where the descriptor does. */
  flushSync(): void
  /** Lines dropped since the start. */
  lost(): number
}

export interface LineWriterOptions {
  readonly fd: number
  /** Bytes that may wait; beyond them lines are dropped. */
  readonly limitBytes: number
  /** Whether other processes write there too: lines of theirs never fall into one of these. */
  readonly shared?: boolean
}

const batchLength = 64 * 1024
/** A pipe takes 4096 bytes whole or not at all (POSIX PIPE_BUF, Linux); a character has up to 3. */
const wholeLength = 1_365
const busyRetryMs = 50
const busyRetriesAtExit = 20
const isBusy = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'EAGAIN' || error.code === 'EBUSY'

interface Batch {
  readonly bytes: Buffer
  readonly lines: number
}

const sleepSync = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Writes all of it or throws; a reader that is merely slow gets a second. */
const writeAllSync = (fd: number, bytes: Uint8Array): void => {
  let rest = bytes
  for (let tries = 0; rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if (!isBusy(error as NodeJS.ErrnoException) || tries >= busyRetriesAtExit) throw error
      tries += 1
      sleepSync(busyRetryMs)
    }
  }
}

/** Lines that wait, gathered into batches as they come. */
const createQueue = (mostLength: number) => {
  let texts: { text: string; lines: number }[] = []
  let size = 0
  return {
    /** Characters. */
    size: () => size,
    isEmpty: () => texts.length === 0,
    push(line: string): void {
      const last = texts.at(-1)
      size += line.length
      if (last === undefined || last.text.length + line.length > mostLength)
        texts.push({ text: line, lines: 1 })
      else {
        last.text += line
        last.lines += 1
      }
    },
    take(): Batch {
      const { text, lines } = texts.shift() ?? { text: '', lines: 0 }
      size -= text.length
      return { bytes: Buffer.from(text), lines }
    },
    clear(): number {
      const count = texts.reduce((sum, { lines }) => sum + lines, 0)
      texts = []
      size = 0
      return count
    },
  }
}

/** Whether nothing written to this descriptor will ever arrive. */
const isGone = ({ code }: NodeJS.ErrnoException): boolean => code === 'EPIPE' || code === 'EBADF'

export const createLineWriter = (options: LineWriterOptions): LineWriter => {
  const { fd, limitBytes, shared = false } = options
  const queue = createQueue(shared ? wholeLength : batchLength)
  let lost = 0
  let busy = false
  let gone = false
  let idle: (() => void)[] = []

  const rest = (): void => {
    busy = false
    const callbacks = idle
    idle = []
    for (const each of callbacks) each()
  }
  const next = (): void => (queue.isEmpty() ? rest() : send(queue.take()))
  const lose = (error: NodeJS.ErrnoException, { lines }: Batch): void => {
    gone = isGone(error)
    lost += lines + (gone ? queue.clear() : 0)
    next()
  }
  const send = (batch: Batch): void => {
    const { bytes, lines } = batch
    writeAsync(fd, bytes, 0, bytes.length, null, (error, written) => {
      if (error !== null && isBusy(error)) setTimeout(send, busyRetryMs, batch)
      else if (error !== null) lose(error, batch)
      else if (written < bytes.length) send({ bytes: bytes.subarray(written), lines })
      else next()
    })
  }
  return {
    write(line) {
      if (gone || queue.size() + line.length > limitBytes) {
        lost += 1
        return
      }
      queue.push(line)
      if (busy) return
      busy = true
      setImmediate(next)
    },
    flush: () => (busy ? new Promise((resolve) => void idle.push(resolve)) : Promise.resolve()),
    flushSync() {
      while (!queue.isEmpty()) {
        const { bytes, lines } = queue.take()
        try {
          writeAllSync(fd, bytes)
        } catch {
          lost += lines
        }
      }
    },
    lost: () => lost,
  }
}
