import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8 from making the objects of requests in the old generation, where they keep dead ones
 * alive: collections take several times as long then (docs/discoveries/v8-pretenuring.md).
 */
export const leaveRequestsYoung = (): void => setFlagsFromString('--no-allocation-site-pretenuring')
