/** The keys of the public listener. */
import * as kinds from './kinds.ts'
import { type Field, leaf, leafOf, list, map, named } from './schema.ts'
import * as texts from './text-kinds.ts'
import type { WrittenListen } from './written.ts'

const duration = leafOf(kinds.duration, 'Ms')
const pause = leafOf(kinds.pause, 'Ms')
const size = leafOf(kinds.size, 'Bytes')
const text = leaf(kinds.text)
const count = leaf(kinds.whole(1, 1_000_000))
const certificate = { cert: text, key: text }

const limits = map({
  header: size,
  headerCount: count,
  headerTimeout: duration,
  keepAlive: duration,
  connections: count,
  inFlight: count,
  bodyIdle: duration,
  bodyRate: size,
  writeIdle: duration,
  tunnels: leaf(kinds.whole(0, 1_000_000)),
})

export const listen: Field<WrittenListen> = map({
  host: text,
  port: leaf(kinds.port),
  trustedProxies: list(leaf(texts.cidr)),
  tls: map({ ...certificate, sni: named(map(certificate)) }),
  http2: leaf(kinds.flag),
  upgrades: list(leaf(texts.protocol)),
  limits,
  drain: map({ delay: pause, grace: pause }),
})
