import { equal, ok } from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const gib = 1024 ** 3
const size = 2 * gib
const limit = 64 * 1024 ** 2
const chunk = Buffer.alloc(64 * 1024, 'b')

/** Exactly `size` bytes, no faster than they are read. */
const source = (): Readable =>
  Readable.from(
    (function* () {
      for (let sent = 0; sent < size; sent += chunk.length) yield chunk
    })(),
    { objectMode: false, highWaterMark: chunk.length },
  )

/** How many bytes came, all of them dropped. */
const count = async (stream: Readable): Promise<number> => {
  let bytes = 0
  stream.on('data', (part: Buffer) => {
    bytes += part.length
  })
  await once(stream, 'end')
  return bytes
}

/** Bytes of memory that the kernel counts for a process, and the most it ever counted. */
const memoryOf = (pid: number): { readonly now: number; readonly peak: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (key: string): number =>
    1024 * Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
  return { now: read('VmRSS'), peak: read('VmHWM') }
}

describe('streaming 2 GiB', function () {
  this.timeout(600_000)
  let origin: Server
  let child: ChildProcess
  let port: number
  before(async function () {
    if (process.platform !== 'linux') this.skip()
    origin = createServer((message, response) => {
      if (message.method === 'GET') {
        response.setHeader('Content-Length', size)
        pipeline(source(), response).catch(() => response.destroy())
      } else {
        count(message).then(
          (bytes) => response.end(String(bytes)),
          () => response.destroy(),
        )
      }
    }).listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const { port: originPort } = origin.address() as AddressInfo
    child = fork(new URL('./streaming-child.js', import.meta.url), [
      `http://127.0.0.1:${originPort}`,
    ])
    ;[port] = (await once(child, 'message')) as [number]
    // A process that serves: code compiled, pools and heap as large as everyday traffic makes them.
    for (let call = 0; call < 2_000; call += 1) await (await ask('POST', 'warm')).toArray()
  })
  after(() => {
    child?.kill()
    origin?.close()
  })
  const ask = async (method: string, body?: Readable | string): Promise<Readable> => {
    const headers = body instanceof Readable ? { 'Content-Length': size } : {}
    const asked = request({ host: '127.0.0.1', port, method, headers, agent: false })
    const answered = once(asked, 'response') as Promise<[Readable]>
    if (body instanceof Readable) await pipeline(body, asked)
    else asked.end(body)
    const [answer] = await answered
    return answer
  }
  const extraMemory = async (run: () => Promise<void>): Promise<number> => {
    const pid = child.pid ?? 0
    const before = memoryOf(pid).now
    await run()
    return memoryOf(pid).peak - before
  }

  it('downloads in constant memory', async () => {
    const extra = await extraMemory(async () => equal(await count(await ask('GET')), size))
    ok(extra < limit, `${extra / 1024 ** 2} MiB more`)
  })

  it('uploads in constant memory', async () => {
    const extra = await extraMemory(async () => {
      const answer = await ask('POST', source())
      equal(Number((await answer.toArray()).join('')), size)
    })
    ok(extra < limit, `${extra / 1024 ** 2} MiB more`)
  })
})
