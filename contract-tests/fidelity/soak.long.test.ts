/**
 * Load for a minute, with clients that leave; `BANYAN_SOAK=600 npm run test:long -- -g soak` makes it
 * ten. The proxy is a process of its own, so that its memory is nobody else's.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as pass } from 'node:timers/promises'
import { createDraw } from './counted.ts'

/** Never a share of it: what a collection leaves differs by 2 MB from one to the next, so a short time has no slope. */
const seconds = Number(process.env.BANYAN_SOAK ?? 60)
const draw = createDraw(3)
const agent = new Agent({ keepAlive: true, maxSockets: 20 })
const body = Buffer.alloc(10_240, 'b')

/**
 * A heap that V8 may not resize as the load of the machine goes: left alone it does, by 20 MB a minute
 * either way, while what is left after each full collection stays the same (measured).
 */
const execArgv = ['--min-semi-space-size=2', '--max-semi-space-size=2', '--max-old-space-size=48']

/** What the kernel says of a process: memory in MB, and open descriptors. */
const weigh = (pid: number): { readonly mb: number; readonly open: number } => ({
  mb: Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024,
  open: readdirSync(`/proc/${pid}/fd`).length,
})

/** One request; true: it was answered. One in twenty is left before its answer. */
const ask = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const isPost = draw() < 0.3
    const method = isPost ? 'POST' : 'GET'
    const asked = request({ host: '127.0.0.1', port, agent, method, path: '/' })
    const leaves = draw() < 0.05
    asked.on('error', () => resolve(leaves))
    asked.on('response', (answer) => {
      answer.resume()
      answer.on('close', () => resolve(leaves || (answer.complete && answer.statusCode === 200)))
    })
    asked.end(isPost ? body : undefined)
    if (leaves) setTimeout(() => asked.destroy(), draw() * 5)
  })

/** Least squares: how many MB a minute. */
const slopeOf = (samples: readonly (readonly [number, number])[]): number => {
  const mean = (at: 0 | 1): number => samples.reduce((sum, s) => sum + s[at], 0) / samples.length
  const [x, y] = [mean(0), mean(1)]
  const above = samples.reduce((sum, s) => sum + (s[0] - x) * (s[1] - y), 0)
  return (above / samples.reduce((sum, s) => sum + (s[0] - x) ** 2, 0)) * 60
}

/** The least of each five samples: what is left once garbage is collected. */
const floors = (samples: readonly (readonly [number, number])[]): (readonly [number, number])[] =>
  Array.from({ length: Math.floor(samples.length / 5) }, (_, at) =>
    samples.slice(at * 5, at * 5 + 5).reduce((a, b) => (b[1] < a[1] ? b : a)),
  )

describe('soak', function () {
  this.timeout(2 * seconds * 1_000 + 60_000)
  let origin: Server
  let child: ChildProcess
  let port: number
  before(async function () {
    if (process.platform !== 'linux') this.skip()
    origin = createServer((message, response) => {
      message.resume()
      setTimeout(() => response.end(body), draw() * 6)
    }).listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const { port: originPort } = origin.address() as AddressInfo
    const script = new URL('../../proxy/edge/streaming-child.js', import.meta.url)
    child = fork(script, [`http://127.0.0.1:${originPort}`], { execArgv })
    ;[port] = (await once(child, 'message')) as [number]
  })
  after(() => {
    agent.destroy()
    child?.kill()
    origin?.close()
    origin?.closeAllConnections()
  })

  it('keeps memory and descriptors where they are while one client in twenty leaves', async () => {
    const pid = child.pid ?? 0
    const startMs = performance.now()
    const since = (): number => (performance.now() - startMs) / 1_000
    // A process that is warm: compiled, and its heap as large as this traffic makes it.
    const warmSeconds = seconds
    const untilSeconds = 2 * seconds
    let asked = 0
    let failed = 0
    const load = async (): Promise<void> => {
      while (since() < untilSeconds) {
        asked += 1
        if (!(await ask(port))) failed += 1
      }
    }
    const samples: [number, number][] = []
    const open: number[] = []
    const watch = async (): Promise<void> => {
      while (since() < untilSeconds) {
        await pass(500)
        if (since() < warmSeconds) continue
        const now = weigh(pid)
        samples.push([since(), now.mb])
        open.push(now.open)
      }
    }
    await Promise.all([watch(), ...Array.from({ length: 20 }, load)])
    const slope = slopeOf(floors(samples))
    const said = `${asked} requests, ${slope.toFixed(2)} MB/min, from ${samples[0]?.[1].toFixed(1)} MB`
    process.stdout.write(`      ${said}\n`)
    assert.equal(failed, 0)
    assert.ok(slope < 1, said)
    assert.ok(Math.max(...open) - Math.min(...open) <= 50, open.join(' '))
  })
})
