import { EventEmitter } from 'node:events'
import type { Peer } from './send.ts'

/**
 * What a handler finds where Node keeps the connection: who asked, and a way to break it off. There
 * is no connection behind it, so options of the transport change nothing.
 */
export class HeldSocket extends EventEmitter {
  readonly remoteAddress: string
  readonly remoteFamily: 'IPv4' | 'IPv6'
  readonly encrypted: boolean
  readonly writableLength = 0
  readonly writableHighWaterMark = 65_536
  readonly readableHighWaterMark = 65_536
  readable = true
  writable = true
  destroyed = false
  readonly #sever: (cause: unknown) => void

  constructor(peer: Peer, sever: (cause: unknown) => void) {
    super()
    this.remoteAddress = peer.address
    this.remoteFamily = peer.address.includes(':') ? 'IPv6' : 'IPv4'
    this.encrypted = peer.scheme === 'https'
    this.#sever = sever
  }

  destroy(cause?: unknown): this {
    if (!this.destroyed) this.#sever(cause ?? null)
    return this
  }

  /** Marks the connection as gone; tells nobody. */
  drop(): void {
    this.readable = false
    this.writable = false
    this.destroyed = true
  }

  address(): Record<string, never> {
    return {}
  }
  setTimeout(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  cork(): void {}
  uncork(): void {}
}
