/** One behaviour that a client of HTTP/2 can see, and how it is proved. */
import type { OutgoingHttpHeaders } from 'node:http2'
import type { Heard, OriginScript } from '../lab/origin.ts'
import type { StreamAnswer } from './stream-talk.ts'

export interface StreamRow {
  readonly id: string
  readonly says: string
  readonly ask?: OutgoingHttpHeaders
  readonly body?: string
  readonly origin?: OriginScript
  /** What the origin hears; absent: it is not looked at. */
  readonly heard?: (heard: Heard) => unknown
  readonly answered?: (answer: StreamAnswer) => unknown
}
