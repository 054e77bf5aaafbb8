/** The exchange that an arrival becomes, by either protocol. */
import type { Exchange } from '../serve.ts'
import type { Arrival } from './arrival.ts'
import { type ClientOptions, createClient } from './client.ts'
import { createStreamClient } from './http2-client.ts'
import type { StreamArrival } from './http2-sessions.ts'
import type { Receive } from './receive.ts'

export interface ExchangeOptions extends Pick<ClientOptions, 'isDraining' | 'streams' | 'slow'> {
  readonly receive: Receive
}

const ofStream = (
  { stream, message, leave }: StreamArrival,
  { receive, isDraining, ...rest }: ExchangeOptions,
): Exchange => {
  const request = receive(message, () => {
    if (!stream.headersSent && !stream.closed) stream.additionalHeaders({ ':status': 100 })
  })
  if (isDraining()) leave()
  return { request, client: createStreamClient({ stream, request, ...rest }) }
}

/** Reads the head and makes the client; one for each arrival. Never throws. */
export const createExchange =
  (options: ExchangeOptions) =>
  (arrival: Arrival): Exchange => {
    if ('stream' in arrival) return ofStream(arrival, options)
    const { receive, ...rest } = options
    const { req: message, res: response } = arrival
    const request = receive(message, () => response.writeContinue())
    return { request, client: createClient({ message, response, request, ...rest }) }
  }
