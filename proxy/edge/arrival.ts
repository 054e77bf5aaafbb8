import type { StreamArrival } from './http2-sessions.ts'
import type { Context } from './koa.ts'

/** A request of HTTP/1 with its response, or one that came over a stream of HTTP/2. */
export type Arrival = Pick<Context, 'req' | 'res'> | StreamArrival
