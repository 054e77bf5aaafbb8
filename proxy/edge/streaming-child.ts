/** A proxy in a process of its own, for the test that weighs it. Told its origin; tells its port. */
import { tmpdir } from 'node:os'
import { createProxy } from '../proxy.ts'
import { silentLog } from '../telemetry/log.ts'
import { plainConfig, plainUpstream } from './plain-config.ts'

const [, , origin = ''] = process.argv
const timeouts = { connectMs: 5_000, firstByteMs: 300_000, idleMs: 60_000, totalMs: 600_000 }
const config = plainConfig({
  stateDir: tmpdir(),
  upstreams: { php: plainUpstream([origin], { timeouts }) },
})
const proxy = createProxy({ config }, { log: silentLog })
const { url } = await proxy.start()
process.send?.(Number(new URL(url).port))
process.on('disconnect', () => process.exit())
