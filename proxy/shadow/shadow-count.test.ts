import assert from 'node:assert/strict'
import { request as send } from 'node:http'
import { createSeededRandom } from '../compare/seeded-random.ts'
import { type Listener, type ShadowLab, startShadowLab } from './shadow-lab.ts'

const deeds: Readonly<Record<string, Listener>> = {
  same: (_, answer) => answer.end('{"a":1}'),
  other: (_, answer) => answer.end(`{"a":${Math.random()}}`),
  long: (_, answer) => answer.end('x'.repeat(50_000)),
  die: (asked) => asked.socket.destroy(),
  hang: () => {},
  half(asked, answer) {
    answer.writeHead(200, { 'content-length': '100' }).write('half')
    setImmediate(() => asked.socket.destroy())
  },
  error: (_, answer) => answer.writeHead(500).end('no'),
  echo: (asked, answer) => asked.pipe(answer),
}
const names = Object.keys(deeds)

/** The path says what each of the two does: `/same/die`. */
const doing =
  (side: 1 | 2): Listener =>
  (asked, answer) =>
    deeds[(asked.url ?? '').split('/')[side] ?? '']?.(asked, answer)

interface Drawn {
  readonly path: string
  readonly body: Buffer | null
  readonly leaves: boolean
}

const draw = (random: () => number): Drawn => {
  const name = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ''
  const legacy = name(names.filter((each) => each !== 'hang'))
  return {
    path: `/${legacy}/${name(names)}`,
    body: random() < 0.3 ? Buffer.alloc(Math.floor(random() * 40_000), 'b') : null,
    leaves: random() < 0.15,
  }
}

/** Resolves once this client has what it wanted, or can have no more. */
const play = (lab: ShadowLab, { path, body, leaves }: Drawn): Promise<void> =>
  new Promise((resolve) => {
    const method = body === null ? 'GET' : 'POST'
    const asked = send({ host: '127.0.0.1', port: lab.port, method, path, agent: false })
    asked.on('error', () => {})
    asked.on('close', () => resolve())
    asked.on('response', (answer) => {
      answer.on('error', () => {})
      if (leaves) asked.destroy()
      else answer.resume()
    })
    asked.end(body ?? undefined)
  })

const gauge = async (lab: ShadowLab, name: string): Promise<string | undefined> => {
  const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
  return new RegExp(`^banyan_${name} (.*)$`, 'm').exec(page)?.[1]
}

describe('the count of samples', () => {
  let lab: ShadowLab
  afterEach(() => lab.close())

  it('comes to one outcome for each request, whatever clients and targets do', async () => {
    const shadow = { queue: 20, memoryBytes: 200_000, bodyLimitBytes: 30_000 }
    lab = await startShadowLab({
      ...{ legacy: doing(1), modern: doing(2), shadow },
      random: createSeededRandom(7),
    })
    const random = createSeededRandom(42)
    const count = 300
    for (let at = 0; at < count; at += 25) {
      await Promise.all(Array.from({ length: 25 }, () => play(lab, draw(random))))
    }
    await lab.outcomes(count)
    assert.deepEqual(
      [await gauge(lab, 'shadow_queue'), await gauge(lab, 'shadow_memory_bytes')],
      ['0', '0'],
    )
    await lab.proxy.drain()
    assert.equal(lab.told.length, count)
    const kinds = new Set(lab.told.map(({ tally }) => tally.outcome))
    for (const each of [
      'identical',
      'mismatch',
      'shadow_error',
      'shadow_timeout',
      'shed',
    ] as const) {
      assert.ok(kinds.has(each), `no ${each} among ${[...kinds]}`)
    }
  }).timeout(120_000)
})
