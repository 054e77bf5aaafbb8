/** `--case huge`: a body of many GiB either way, which must cost time and no memory. */
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { get, head } from './cases.ts'
import type { Contender } from './contender.ts'
import { cpuMicros, residentBytes } from './cost.ts'

export interface HugeRow {
  readonly name: string
  readonly way: 'download' | 'upload'
  readonly mibPerSecond: number
  readonly cpuMicrosPerMiB: number
  /** After the first tenth of the body, and the most after that. */
  readonly rssEarlyMiB: number
  readonly rssMostMiB: number
}

const mib = 2 ** 20

/** Resolves once the answer is here; calls back with the bytes of the body that have passed. */
type Transfer = (port: number, bytes: number, passed: (bytes: number) => void) => Promise<void>

const download: Transfer = (port, bytes, passed) =>
  new Promise((resolve, reject) => {
    let got = 0
    const socket = connect(port, '127.0.0.1', () => socket.write(get(`/files/huge?bytes=${bytes}`)))
    socket.on('data', (chunk) => {
      got += chunk.length
      passed(got)
      if (got < bytes) return
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
    socket.on('end', () => reject(new Error(`the answer ended after ${got} bytes`)))
  })

const upload: Transfer = (port, bytes, passed) =>
  new Promise((resolve, reject) => {
    const chunk = Buffer.alloc(mib, 'x')
    let sent = 0
    const socket = connect(port, '127.0.0.1')
    const send = (): void => {
      while (sent < bytes) {
        sent += chunk.length
        passed(sent)
        if (!socket.write(chunk)) return
      }
    }
    socket.write(head('POST /files/huge', bytes))
    socket.on('connect', send)
    socket.on('drain', send)
    socket.on('error', reject)
    socket.on('data', (answer) => {
      socket.destroy()
      if (sent >= bytes && answer.toString('latin1', 8, 12) === ' 200') resolve()
      else reject(new Error(`answered after ${sent} bytes: ${answer.toString('latin1', 0, 60)}`))
    })
  })

const transfers: Readonly<Record<HugeRow['way'], Transfer>> = { download, upload }

const measure = async (
  { name, pid, port }: Contender,
  way: HugeRow['way'],
  bytes: number,
): Promise<HugeRow> => {
  let early = 0
  let most = 0
  let done = 0
  const look = (): void => {
    const now = residentBytes(pid)
    if (done < bytes / 10) early = now
    most = Math.max(most, done < bytes / 10 ? 0 : now)
  }
  const timer = setInterval(look, 50)
  const [beforeMs, before] = [performance.now(), cpuMicros(pid)]
  await transfers[way](port, bytes, (passed) => {
    done = passed
  })
  clearInterval(timer)
  look()
  return {
    name,
    way,
    mibPerSecond: bytes / mib / ((performance.now() - beforeMs) / 1_000),
    cpuMicrosPerMiB: (cpuMicros(pid) - before) / (bytes / mib),
    rssEarlyMiB: early / mib,
    rssMostMiB: most / mib,
  }
}

export const huge = async (contenders: readonly Contender[], bytes: number): Promise<HugeRow[]> => {
  const rows: HugeRow[] = []
  for (const contender of contenders) {
    for (const way of ['download', 'upload'] as const) {
      rows.push(await measure(contender, way, bytes))
    }
  }
  return rows
}

export const hugeTable = (bytes: number, rows: readonly HugeRow[]): string =>
  [
    `one body of ${bytes / 2 ** 30} GiB`,
    `${''.padEnd(22)}     MiB/s  µs CPU/MiB  RSS early   RSS most`,
    ...rows.map(({ name, way, ...row }) =>
      [
        name.padEnd(12),
        way.padEnd(10),
        row.mibPerSecond.toFixed(0).padStart(10),
        row.cpuMicrosPerMiB.toFixed(0).padStart(12),
        row.rssEarlyMiB.toFixed(0).padStart(11),
        row.rssMostMiB.toFixed(0).padStart(11),
      ].join(''),
    ),
  ].join('\n')
