/** A client of HTTP/2: asks over streams of one session, and shows all that came. */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2'

export interface StreamAnswer {
  /** 0: none came. */
  readonly status: number
  /** Names and values as they came, pseudo-headers included. */
  readonly lines: readonly string[]
  readonly early: readonly number[]
  readonly trailers: readonly string[]
  /** latin1 */
  readonly body: string
  /** How the stream ended, of RFC 9113 §7. */
  readonly code: number
}

export interface StreamTalk {
  readonly session: ClientHttp2Session
  open(headers: OutgoingHttpHeaders, endStream?: boolean): ClientHttp2Stream
  /** Resolves once the stream is closed; never rejects. */
  read(stream: ClientHttp2Stream): Promise<StreamAnswer>
}

export const streamTalk = (url: string, ca: string): StreamTalk => {
  const session = connect(url, { ca })
  session.on('error', () => {})
  return {
    session,
    open: (headers, endStream = true) => {
      const stream = session.request(headers, { endStream })
      stream.on('error', () => {})
      return stream
    },
    read: (stream) =>
      new Promise((resolve) => {
        const early: number[] = []
        let [status, body]: [number, string] = [0, '']
        let lines: readonly string[] = []
        let trailers: readonly string[] = []
        stream.setEncoding('latin1')
        stream.on('headers', (interim) => early.push(Number(interim[':status'])))
        stream.on('response', (head, _flags, raw?: readonly string[]) => {
          status = Number(head[':status'])
          lines = raw ?? []
        })
        stream.on('trailers', (_head, _flags, raw?: readonly string[]) => {
          trailers = raw ?? []
        })
        stream.on('data', (chunk: string) => {
          body += chunk
        })
        stream.on('close', () =>
          resolve({ status, lines, early, trailers, body, code: stream.rstCode ?? 0 }),
        )
      }),
  }
}

/** The values of one line, in order. */
export const streamValues = (lines: readonly string[], name: string): string[] =>
  lines.filter((_, at) => at % 2 === 1 && lines[at - 1] === name)
