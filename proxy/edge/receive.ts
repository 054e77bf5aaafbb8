/** The first verb: what came over the socket becomes an InboundRequest. Never throws. */
import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import type { ListenConfig } from '../config/config.ts'
import { canonicalPath } from '../routing/canonical.ts'
import type { Body, InboundRequest } from '../targets/send.ts'
import { type HeadLines, readHeadLines } from './head-lines.ts'
import { createPeerReader } from './peer.ts'
import { originForm, refuse } from './refuse.ts'
import { createRequestIds, isRequestId } from './request-id.ts'
import type { SlowClients } from './slow-clients.ts'
import { createUpload, type UploadSource } from './upload.ts'

export interface ReceiveOptions {
  readonly trustedProxies: ListenConfig['trustedProxies']
  readonly headerCount: number
  /** The name by which this proxy marks what it sends; null: loops are not looked for. */
  readonly pseudonym: string | null
  /** Absent: uploads may take their time. */
  readonly slow?: SlowClients
  readonly now?: () => number
  readonly newId?: () => string
}

/** What is read of a request: Node's own message, or the head of a stream of HTTP/2 in its form. */
export interface Arrived extends UploadSource {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly httpVersion: string
  readonly rawHeaders: string[]
  readonly socket: Socket
  /** Whether a body may follow that no line announces, as in HTTP/2; absent: it may not. */
  readonly hasBody?: boolean
}

/** Reads a head, of a request or of an upgrade. `sendContinue`: see `createUpload`. */
export type Receive = (message: Arrived, sendContinue: () => void) => InboundRequest

interface BodyOptions {
  readonly sendContinue: () => void
  readonly slow: SlowClients | undefined
}

const createBody = (
  message: Arrived,
  lines: HeadLines,
  { sendContinue, slow }: BodyOptions,
): Body | null => {
  const length = lines.length === undefined ? null : Number(lines.length[0])
  const isFramed = lines.coding !== undefined || (length !== null && length > 0)
  if (!(message.hasBody ?? isFramed)) return null
  // HTTP/1.0 knows no interim answers: RFC 9110 §10.1.1.
  const isAwaited = lines.expect !== undefined && message.httpVersion !== '1.0'
  return createUpload(message, {
    length: lines.coding === undefined ? length : null,
    sendContinue: isAwaited ? sendContinue : null,
    slow,
  })
}

const versions: Readonly<Record<string, InboundRequest['version']>> = { '1.0': '1.0', '2.0': '2' }

export const createReceive = ({
  trustedProxies,
  headerCount,
  pseudonym,
  slow,
  now = () => performance.now(),
  newId = createRequestIds(),
}: ReceiveOptions): Receive => {
  const readPeer = createPeerReader(trustedProxies)
  return (message, sendContinue) => {
    const receivedMs = now()
    const { method = '', url: target = '', httpVersion, rawHeaders } = message
    const lines = readHeadLines(rawHeaders)
    const refusal = refuse(
      {
        version: httpVersion,
        method,
        target,
        headers: rawHeaders,
        lines,
        isStream: message.hasBody !== undefined,
      },
      { headerCount, pseudonym },
    )
    const url = originForm(target)
    const peer = readPeer(message.socket, lines)
    const given = peer.trusted ? lines.requestId?.[0] : undefined
    return {
      id: given !== undefined && isRequestId(given) ? given : newId(),
      method,
      version: versions[httpVersion] ?? '1.1',
      url,
      path: canonicalPath(url),
      headers: rawHeaders,
      peer,
      body: refusal === null ? createBody(message, lines, { sendContinue, slow }) : null,
      receivedMs,
      refusal,
    }
  }
}
