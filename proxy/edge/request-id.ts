/** Names for requests: accepted from a trusted peer, else made. */
import { randomBytes } from 'node:crypto'

/** What may stand in a log line, a header and a trace as it is. */
const wellFormed = /^[\w.:+/=@-]{1,128}$/

export const isRequestId = (text: string): boolean => wellFormed.test(text)

/**
 * Makes ids that are unique in a fleet and cost an addition each: 64 random bits of this maker,
 * then a counter. They name requests and guard nothing.
 */
export const createRequestIds = (
  prefix: string = randomBytes(8).toString('hex'),
): (() => string) => {
  let count = 0
  return () => {
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}
