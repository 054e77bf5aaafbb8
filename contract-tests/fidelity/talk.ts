/** A client on a raw socket: says exactly these bytes, and shows exactly what came. */
import { Buffer } from 'node:buffer'
import { connect, type Socket } from 'node:net'

export interface Talk {
  readonly socket: Socket
  /** Everything that came so far, latin1. */
  readonly text: () => string
  say(bytes: string | Uint8Array): void
  /** Resolves once what came is found to match; rejects when the connection closes before. */
  until(found: RegExp | ((text: string) => boolean)): Promise<string>
  /** Resolves with everything that came once the connection is closed; a reset ends it `<reset>`. */
  readonly closed: Promise<string>
}

interface Waiter {
  readonly isFound: (text: string) => boolean
  readonly resolve: (text: string) => void
  readonly reject: (error: Error) => void
}

export const talkTo = (port: number): Talk => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  let text = ''
  let waiting: Waiter[] = []
  const look = (): void => {
    const met = waiting.filter(({ isFound }) => isFound(text))
    waiting = waiting.filter((waiter) => !met.includes(waiter))
    for (const { resolve } of met) resolve(text)
  }
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
    look()
  })
  socket.on('error', () => {
    text += '<reset>'
  })
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => {
      const why = new Error(`closed before it was said: ${JSON.stringify(text.slice(0, 400))}`)
      for (const { reject } of waiting.splice(0)) reject(why)
      resolve(text)
    })
  })
  return {
    socket,
    text: () => text,
    say(bytes) {
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    },
    until: (found) =>
      new Promise((resolve, reject) => {
        const isFound = typeof found === 'function' ? found : (seen: string) => found.test(seen)
        waiting.push({ isFound, resolve, reject })
        look()
      }),
    closed,
  }
}

/** A request as bytes: `Host: app.example` unless a line says otherwise, then the lines. */
export const ask = (line: string, lines: readonly string[] = [], body = ''): string => {
  const host = lines.some((each) => /^host\s*:/i.test(each)) ? [] : ['Host: app.example']
  return [`${line} HTTP/1.1`, ...host, ...lines, '', body].join('\r\n')
}

/** The same, on a connection that is to close after the answer. */
export const askOnce = (line: string, lines: readonly string[] = [], body = ''): string =>
  ask(line, [...lines, 'Connection: close'], body)

/** The status of the last answer that is no interim one; 0: none came. */
export const statusOf = (answer: string): number => {
  const found = [...answer.matchAll(/HTTP\/1\.[01] ([2-9]\d\d)/g)]
  return Number(found.at(-1)?.[1] ?? 0)
}

/** The header lines of the last answer, as they came. */
export const linesOf = (answer: string): string[] => {
  const start = answer.search(/HTTP\/1\.[01] [2-9]\d\d/)
  return answer.slice(start).split('\r\n\r\n')[0]?.split('\r\n').slice(1) ?? []
}

/** What came after the head of the answer, framing included. */
export const bodyOf = (answer: string): string => {
  const final = answer.slice(answer.search(/HTTP\/1\.[01] [2-9]\d\d/))
  return final.slice(final.indexOf('\r\n\r\n') + 4)
}
