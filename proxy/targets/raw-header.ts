import type { RawHeaders } from './send.ts'

/** The first value of a header, or null where there is none. `name` is in lower case. */
export const rawHeader = (headers: RawHeaders, name: string): string | null => {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const line = headers[at]
    if (line !== undefined && line.length === name.length && line.toLowerCase() === name) {
      return headers[at + 1] ?? null
    }
  }
  return null
}

/** Whether an answer has no body whatever its headers say: RFC 9110 §6.4.1. */
export const isBodiless = (method: string, status: number): boolean =>
  method === 'HEAD' || status === 204 || status === 304

/** Whether what follows are Server-Sent Events, which come as rarely as they like. */
export const isEventStream = (headers: RawHeaders): boolean =>
  /^text\/event-stream\s*(?:;|$)/i.test(rawHeader(headers, 'content-type') ?? '')
