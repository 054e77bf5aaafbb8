/** `npm run bench -- diff`: what it costs to compare two JSON bodies, beside jsondiffpatch. */
import { Buffer } from 'node:buffer'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { compare } from '../../proxy/compare/compare.ts'
import { compareJson } from '../../proxy/compare/compare-json.ts'
import { type JsonValue, parseJson } from '../../proxy/compare/json.ts'
import { observed } from '../../proxy/compare/observed.ts'
import { createSeededRandom } from '../../proxy/compare/seeded-random.ts'
import { createWalk } from '../../proxy/compare/walk.ts'
import { isSame } from '../../proxy/shadow/is-same.ts'
import { median } from './report.ts'

export interface DifferRow {
  readonly title: string
  /** Milliseconds. */
  readonly banyan: number
  /** Null: it was not asked. */
  readonly jsondiffpatch: number | null
  /** The median of the rounds' ratios. */
  readonly ratio: number | null
}

interface Work {
  readonly title: string
  readonly banyan: () => void
  /** Null: it does nothing of the kind. */
  readonly peer: ((diff: Diff) => void) | null
}

type Diff = (legacy: unknown, modern: unknown) => unknown

const objects = 5_000

/** The thread that compares lives as long as its process; so long V8 takes to know its way. */
const warmUps = 15

const shuffled = <T>(list: readonly T[], random: () => number): T[] => {
  const all = [...list]
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[all[at], all[other]] = [all[other] as T, all[at] as T]
  }
  return all
}

const headers = ['content-type', 'application/json']

const compareBytes = (legacy: Buffer, modern: Buffer): void => {
  const sides = [
    observed('legacy', { headers, body: legacy }),
    observed('modern', { headers, body: modern }),
  ] as const
  if (!isSame(...sides)) compare(...sides)
}

const parsed = (bytes: Buffer): JsonValue => {
  const result = parseJson(bytes.toString())
  if ('value' in result) return result.value
  throw new Error('the bench writes JSON')
}

const works = (): readonly Work[] => {
  const random = createSeededRandom(5)
  const legacy = Array.from({ length: objects }, (_, id) => ({
    ...{ id, name: `article ${id}`, price: Math.floor(random() * 10_000) / 100 },
    tags: ['a', 'b'],
  }))
  const modern = shuffled(legacy, random)
  const [left, right] = [legacy, modern].map((list) => Buffer.from(JSON.stringify(list))) as [
    Buffer,
    Buffer,
  ]
  const [here, there] = [parsed(left), parsed(right)]
  const same = [Buffer.alloc(2 ** 20, 'x'), Buffer.alloc(2 ** 20, 'x')] as const
  return [
    {
      title: `${objects} objects, shuffled`,
      banyan: () =>
        compareJson(createWalk({ rules: [], noise: [], identities: null }), here, there),
      peer: (diff) => void diff(legacy, modern),
    },
    {
      title: 'the same, parsing included',
      banyan: () => compareBytes(left, right),
      peer: (diff) => void diff(JSON.parse(left.toString()), JSON.parse(right.toString())),
    },
    { title: '1 MiB, equal bytes', banyan: () => compareBytes(...same), peer: null },
  ]
}

const loadDiff = async (peers: string): Promise<Diff> => {
  const file = join(peers, 'node_modules', 'jsondiffpatch', 'lib', 'index.js')
  const { create } = (await import(pathToFileURL(file).href)) as {
    create(options: object): { diff: Diff }
  }
  const differ = create({ objectHash: ({ id }: { readonly id: number }) => id })
  return (legacy, modern) => differ.diff(legacy, modern)
}

const timed = (work: () => void): number => {
  const startedMs = performance.now()
  work()
  return performance.now() - startedMs
}

/** @param peers the folder in which they are installed; null: Banyan alone */
export const differ = async (peers: string | null, rounds: number): Promise<DifferRow[]> => {
  const diff = peers === null ? null : await loadDiff(peers)
  return works().map(({ title, banyan, peer }) => {
    const beside = diff === null || peer === null ? null : () => peer(diff)
    for (let run = 0; run < warmUps; run++) banyan()
    beside?.()
    const all = Array.from({ length: rounds }, () => ({
      banyan: timed(banyan),
      peer: beside === null ? null : timed(beside),
    }))
    const times = all.flatMap((round) => (round.peer === null ? [] : [round.peer]))
    const ratios = all.map((round) => (round.peer ?? 0) / round.banyan)
    return {
      ...{ title, banyan: median(all.map((round) => round.banyan)) },
      jsondiffpatch: times.length === 0 ? null : median(times),
      ratio: times.length === 0 ? null : median(ratios),
    }
  })
}

export const differTable = (rows: readonly DifferRow[]): string =>
  rows
    .map(({ title, banyan, jsondiffpatch, ratio }) => {
      const beside =
        jsondiffpatch === null || ratio === null
          ? ''
          : `; jsondiffpatch ${jsondiffpatch.toFixed(0)} ms, × ${ratio.toFixed(0)}`
      return `${title}: ${banyan.toFixed(3)} ms${beside}`
    })
    .join('\n')
