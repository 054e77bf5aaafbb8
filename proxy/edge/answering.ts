import type { Duplex } from 'node:stream'

/** Whether an earlier request on this connection is being answered: Node keeps its response there. */
export const isAnswering = (socket: Duplex): boolean => {
  const { _httpMessage: current } = socket as { _httpMessage?: unknown }
  return current !== undefined && current !== null
}
