/** The tunnels of a process. Those of an upstream that a reload took away live on until they end. */
import type { UpstreamConfig } from '../config/config.ts'
import { createKeep } from './keep.ts'
import type { Tunnel } from './tunnel.ts'

export interface Tunnels {
  /** By the name of their upstream. */
  use(upstreams: ReadonlyMap<string, UpstreamConfig>): ReadonlyMap<string, Tunnel>
  inFlight(): number
  /** Ends all of them; returns how many there were. */
  close(): number
}

export const createTunnels = (make: (upstream: UpstreamConfig) => Tunnel): Tunnels => {
  const keep = createKeep(make)
  const retired = new Set<Tunnel>()
  const all = (): readonly Tunnel[] => {
    for (const tunnel of retired) if (tunnel.inFlight === 0) retired.delete(tunnel)
    return [...keep.current().values(), ...retired]
  }
  return {
    use(upstreams) {
      const { parts, dropped } = keep.use(upstreams)
      for (const tunnel of dropped) retired.add(tunnel)
      return parts
    },
    inFlight: () => all().reduce((sum, { inFlight }) => sum + inFlight, 0),
    close: () => all().reduce((sum, tunnel) => sum + tunnel.close(), 0),
  }
}
