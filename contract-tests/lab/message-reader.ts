/** Reads HTTP/1 requests from bytes, without repairing anything. */
import { Buffer } from 'node:buffer'

export interface Message {
  /** `GET /path HTTP/1.1` */
  readonly line: string
  /** The head as it came, latin1, without the empty line. */
  readonly head: string
  /** Lines as on the wire: name, value, name, value. */
  readonly lines: readonly string[]
  /**
   * Resolves with the decoded body, its first MiB, once it is complete; with null when it broke
   * off. After an upgrade: everything until the end of the connection.
   */
  readonly body: Promise<Buffer | null>
  /** Bytes of the body so far. */
  readonly received: () => number
}

export interface MessageReader {
  read(bytes: Buffer): void
  /** The connection ended: what is incomplete stays so. */
  end(): void
}

/** What comes next; `left` counts the bytes of it. */
interface Framing {
  readonly is: 'head' | 'length' | 'chunk' | 'data' | 'trailers' | 'opaque'
  left: number
}

interface OpenBody {
  readonly take: (bytes: Buffer) => void
  readonly finish: (isWhole: boolean) => void
}

const keptBytes = 1_048_576

const parseHead = (head: string): Pick<Message, 'line' | 'head' | 'lines'> => {
  const [line = '', ...rows] = head.split('\r\n')
  const lines = rows.flatMap((row) => {
    const colon = row.indexOf(':')
    return [row.slice(0, colon), row.slice(colon + 1).trim()]
  })
  return { line, head, lines }
}

const framingOf = (lines: readonly string[]): Framing => {
  const lineValue = (name: string): string | undefined => {
    const at = lines.findIndex((line, index) => index % 2 === 0 && line.toLowerCase() === name)
    return at < 0 ? undefined : lines[at + 1]
  }
  if (lineValue('upgrade') !== undefined) return { is: 'opaque', left: Number.POSITIVE_INFINITY }
  if (lineValue('transfer-encoding') !== undefined) return { is: 'chunk', left: 0 }
  return { is: 'length', left: Number(lineValue('content-length') ?? 0) }
}

const openBody = (): OpenBody & Pick<Message, 'body' | 'received'> => {
  const chunks: Buffer[] = []
  let received = 0
  let settle: (body: Buffer | null) => void = () => {}
  const body = new Promise<Buffer | null>((resolve) => {
    settle = resolve
  })
  return {
    body,
    received: () => received,
    take(bytes) {
      if (received < keptBytes) chunks.push(bytes.subarray(0, keptBytes - received))
      received += bytes.length
    },
    finish: (isWhole) => settle(isWhole ? Buffer.concat(chunks) : null),
  }
}

/** Bytes that have come and are not read yet. */
interface Scanner {
  readonly length: number
  add(bytes: Buffer): void
  /** Takes what stands before a mark, and the mark; null: the mark is not here yet. */
  upTo(mark: string): string | null
  /** Takes at most so many bytes. */
  take(count: number): Buffer
}

const createScanner = (): Scanner => {
  let pending: Buffer = Buffer.alloc(0)
  return {
    get length() {
      return pending.length
    },
    add(bytes) {
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes])
    },
    upTo(mark) {
      const at = pending.indexOf(mark)
      if (at < 0) return null
      const text = pending.toString('latin1', 0, at)
      pending = pending.subarray(at + mark.length)
      return text
    },
    take(count) {
      const bytes = pending.subarray(0, count)
      pending = pending.subarray(bytes.length)
      return bytes
    },
  }
}

const atHead: Framing = { is: 'head', left: 0 }

/** @param told called at each head */
export const createMessageReader = (told: (message: Message) => void): MessageReader => {
  const scanner = createScanner()
  let framing = atHead
  let body: OpenBody | null = null

  const finish = (isWhole: boolean): void => {
    body?.finish(isWhole)
    body = null
    framing = atHead
  }
  /** Returns whether there is no more of it to come. */
  const takeBody = (): boolean => {
    const bytes = scanner.take(framing.left)
    framing.left -= bytes.length
    body?.take(bytes)
    return framing.left === 0
  }
  /** One step for each framing; false: more bytes are needed. */
  const steps: Readonly<Record<Framing['is'], () => boolean>> = {
    head() {
      const head = scanner.upTo('\r\n\r\n')
      if (head === null) return false
      const parsed = parseHead(head)
      const opened = openBody()
      body = opened
      framing = framingOf(parsed.lines)
      told({ ...parsed, body: opened.body, received: opened.received })
      if (framing.is === 'length' && framing.left === 0) finish(true)
      return true
    },
    length() {
      const isOver = takeBody()
      if (isOver) finish(true)
      return isOver
    },
    chunk() {
      const size = scanner.upTo('\r\n')
      if (size === null) return false
      const left = Number.parseInt(size, 16)
      framing = { is: left === 0 ? 'trailers' : 'data', left }
      return true
    },
    data() {
      if (!takeBody() || scanner.upTo('\r\n') === null) return false
      framing = { is: 'chunk', left: 0 }
      return true
    },
    trailers() {
      const line = scanner.upTo('\r\n')
      if (line === '') finish(true)
      return line !== null
    },
    opaque: takeBody,
  }
  return {
    read(bytes) {
      scanner.add(bytes)
      while (scanner.length > 0 && steps[framing.is]());
    },
    end: () => finish(framing.is === 'opaque'),
  }
}
