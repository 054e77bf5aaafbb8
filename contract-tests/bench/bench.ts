/**
 * `npm run bench`: what a request costs Banyan, beside http-proxy and undici bare, in one run.
 * Absolute figures belong to the machine; the ratios are what to quote.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freePort } from '../lab/free-port.ts'
import { type Contender, installPeers, startBanyan, startOrigin, startPeer } from './contender.ts'
import { load } from './load.ts'

interface Row {
  readonly name: string
  /** CPU microseconds of the proxy's process for one request; the median of the rounds. */
  readonly cpuMicros: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly rssMiB: number
  readonly errors: number
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    requests: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '32' },
  },
})
const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0

const banyan = async (directory: string, origin: number): Promise<Contender> => {
  const [port, adminPort] = [await freePort(), await freePort()]
  const config = join(directory, 'banyan.yaml')
  writeFileSync(
    config,
    `listen: { host: 127.0.0.1, port: ${port} }
admin: { host: 127.0.0.1, port: ${adminPort} }
log: { access: 1% }
upstreams:
  legacy: { url: "http://127.0.0.1:${origin}" }
routes:
  articles.list: { match: GET /api/articles, legacy: legacy }
  rest: { match: /*, legacy: legacy }
`,
  )
  return await startBanyan(config, `http://127.0.0.1:${port}/api/articles`)
}

const measure = async (contender: Contender): Promise<Row> => {
  const request = Buffer.from(
    'GET /api/articles?limit=20 HTTP/1.1\r\nHost: shop.example\r\nAccept: application/json\r\n' +
      'User-Agent: bench\r\nCookie: uid=42\r\n\r\n',
  )
  const requests = Number(values.requests)
  const before = contender.cpu()
  const connections = Number(values.connections)
  const result = await load({ port: contender.port, request, requests, connections })
  return {
    name: contender.name,
    cpuMicros: ((contender.cpu() - before) / requests) * 1e6,
    perSecond: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    rssMiB: contender.rss() / 2 ** 20,
    errors: result.errors,
  }
}

const summary = (rows: readonly Row[]): Row => {
  const of = (pick: (row: Row) => number): number => median(rows.map(pick))
  return {
    name: rows[0]?.name ?? '',
    cpuMicros: of((row) => row.cpuMicros),
    perSecond: of((row) => row.perSecond),
    p50: of((row) => row.p50),
    p99: of((row) => row.p99),
    rssMiB: of((row) => row.rssMiB),
    errors: rows.reduce((sum, row) => sum + row.errors, 0),
  }
}

const table = (rows: readonly Row[]): string => {
  const base = rows.find((row) => row.name === 'banyan')?.cpuMicros ?? 1
  const lines = rows.map((row) =>
    [
      row.name.padEnd(12),
      row.cpuMicros.toFixed(0).padStart(8),
      (row.cpuMicros / base).toFixed(2).padStart(8),
      row.perSecond.toFixed(0).padStart(8),
      row.p50.toFixed(2).padStart(8),
      row.p99.toFixed(2).padStart(8),
      row.rssMiB.toFixed(0).padStart(8),
      String(row.errors).padStart(8),
    ].join(' '),
  )
  const head = ['', 'CPU µs', '×banyan', 'req/s', 'p50 ms', 'p99 ms', 'RSS MiB', 'errors']
  const title = head.map((word, i) => (i === 0 ? word.padEnd(12) : word.padStart(8))).join(' ')
  return [title, ...lines].join('\n')
}

const run = async (contenders: readonly Contender[]): Promise<Row[]> => {
  const rows = new Map<string, Row[]>(contenders.map(({ name }) => [name, []]))
  for (const contender of contenders) await measure(contender) // warm-up, not counted
  for (let round = 1; round <= Number(values.rounds); round++) {
    // The order turns with the rounds, so that a drift of the machine meets each alike.
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(i + round) % contenders.length]
      if (contender !== undefined) rows.get(contender.name)?.push(await measure(contender))
    }
    say(`round ${round} of ${values.rounds}`)
  }
  return [...rows.values()].map(summary)
}

installPeers(say)
const directory = mkdtempSync(join(tmpdir(), 'banyan-bench-'))
const origin = await startOrigin()
const contenders: Contender[] = []
try {
  contenders.push(await banyan(directory, origin.port))
  for (const name of ['http-proxy', 'undici']) contenders.push(await startPeer(name, origin.port))
  const rows = await run(contenders)
  process.stdout.write(`${values.json ? JSON.stringify(rows, null, 2) : table(rows)}\n`)
} finally {
  for (const started of [...contenders, origin]) started.close()
  rmSync(directory, { recursive: true, force: true })
}
