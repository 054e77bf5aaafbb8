import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { isOwnFromClient, isOwnFromTrusted } from './forwarded.ts'
import { requestLines } from './headers.ts'
import type { HeldSocket } from './held-socket.ts'
import type { Failure, InboundRequest } from './send.ts'
import { createUpload, type Upload } from './upload-stream.ts'

const versions = { '1.0': [1, 0], '1.1': [1, 1], '2': [2, 0] } as const

const aborted = (): Error => Object.assign(new Error('aborted'), { code: 'ECONNRESET' })

/**
 * The header lines that a handler sees: as an upstream would, but for what the socket says better,
 * and with the framing that middleware looks for when it asks whether there is a body.
 */
const handlerLines = ({ headers, peer, body, id }: InboundRequest): string[] => {
  const lines = requestLines(headers, peer.trusted ? isOwnFromTrusted : isOwnFromClient)
  if (body !== null && body.length === null) lines.push('Transfer-Encoding', 'chunked')
  else if (body !== null) lines.push('Content-Length', String(body.length))
  lines.push('X-Request-Id', id)
  return lines
}

/**
 * A request of a handler's own: all that Koa and ordinary middleware read of an IncomingMessage.
 * The upload begins to flow when the handler first reads, and never faster than it reads.
 */
export class HeldRequest extends IncomingMessage {
  /** Node fills header lines in by this method; its getters for headers count on it. */
  declare _addHeaderLines: (lines: string[], count: number) => void
  readonly #upload: Upload
  #opened = false

  /** @param broken called when the upload breaks off: the exchange cannot go on */
  constructor(inbound: InboundRequest, socket: HeldSocket, broken: (why: Failure) => void) {
    super(socket as unknown as Socket)
    const [major, minor] = versions[inbound.version]
    this.httpVersionMajor = major
    this.httpVersionMinor = minor
    this.httpVersion = `${major}.${minor}`
    this.method = inbound.method
    this.url = inbound.url
    const lines = handlerLines(inbound)
    this._addHeaderLines(lines, lines.length)
    this.#upload = createUpload(inbound.body, this, (why) => {
      if (why === null) this.complete = true
      else broken(why)
    })
  }

  /** Whether the handler has taken all that came, and waits for the client to send more. */
  get awaitsClient(): boolean {
    return this.#opened && !this.complete && this.readableLength === 0
  }

  /** Ends the upload because the exchange is over. */
  abandon(): void {
    if (!this.destroyed && !this.readableEnded) this.destroy(aborted())
  }

  /** Lets go of an upload that nobody reads any more; one that is being read goes on. */
  release(): void {
    const isRead = this.readableFlowing === true || this.listenerCount('readable') > 0
    if (this.#opened && !this.complete && !isRead) this.#upload.cancel()
  }

  override _read(): void {
    this.#opened = true
    this.#upload.read()
  }

  /** As Node's own, but for the connection: the answer is not lost with the upload. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true
      this.#upload.cancel()
      this.emit('aborted')
    }
    const isHeard = this.listenerCount('error') > 0
    process.nextTick(done, isHeard ? error : null)
  }
}
