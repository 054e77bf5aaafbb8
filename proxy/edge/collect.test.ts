import { deepEqual, equal, rejects } from 'node:assert/strict'
import { createFeed, wholeBody } from '../targets/body.ts'
import { failure } from '../targets/failure.ts'
import { awaitUpload, collect, isSmall } from './collect.ts'

const source = { pause: () => {}, resume: () => {}, cancel: () => {} }
const textOf = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString()

describe('collect', () => {
  it('makes a body whole, however many chunks it came in', async () => {
    const feed = createFeed(6, source)
    const body = collect(feed.body, 1_000)
    feed.write(Buffer.from('abc'))
    feed.write(Buffer.from('def'))
    feed.end(['X-T', '1'])
    const { length, whole } = await body
    deepEqual([length, textOf(whole)], [6, 'abcdef'])
  })

  it('fails as the body fails', async () => {
    const feed = createFeed(6, source)
    const body = collect(feed.body, 1_000)
    feed.fail(failure('client_gone', 'client', 'unknown'))
    await rejects(body, { code: 'client_gone' })
  })

  it('fails as too slow when its time is up, and wants no more', async () => {
    let cancelled = false
    const feed = createFeed(6, {
      ...source,
      cancel: () => {
        cancelled = true
      },
    })
    await rejects(collect(feed.body, 5), { code: 'client_timeout', effect: 'none' })
    equal(cancelled, true)
  })
})

describe('awaitUpload', () => {
  const never = new Promise<void>(() => {})
  const read = (body: Awaited<ReturnType<typeof awaitUpload>>): Promise<number> =>
    new Promise((resolve, reject) => {
      let length = 0
      body.flow({
        write(chunk) {
          length += chunk.length
          return true
        },
        end: () => resolve(length),
        fail: reject,
      })
    })

  it('gives the body once 64 KiB are here, and the rest as it comes', async () => {
    const feed = createFeed(null, source)
    const awaited = awaitUpload(feed.body, never)
    equal(feed.write(Buffer.alloc(60_000)), true)
    equal(feed.write(Buffer.alloc(60_000)), false)
    const length = read(await awaited)
    feed.write(Buffer.alloc(7))
    feed.end([])
    equal(await length, 120_007)
  })

  it('gives what is here once there is a place for it, and the rest as it comes', async () => {
    const feed = createFeed(null, source)
    feed.write(Buffer.alloc(10))
    const length = read(await awaitUpload(feed.body, Promise.resolve()))
    feed.write(Buffer.alloc(7))
    feed.end([])
    equal(await length, 17)
  })

  it('gives a shorter one once it is whole, and one that breaks as broken', async () => {
    const short = createFeed(3, source)
    const awaited = awaitUpload(short.body, never)
    short.write(Buffer.from('abc'))
    short.end([])
    equal(textOf((await awaited).whole), 'abc')
    const broken = createFeed(3, source)
    const body = awaitUpload(broken.body, never)
    broken.fail(failure('client_timeout', 'client', 'unknown'))
    await rejects(read(await body), { code: 'client_timeout' })
  })
})

describe('isSmall', () => {
  const cases: readonly (readonly [string, boolean, Parameters<typeof isSmall>[0]])[] = [
    ['a body of announced, small length', true, createFeed(100, source).body],
    ['a large one', false, createFeed(1_000_000, source).body],
    ['one of unknown length', false, createFeed(null, source).body],
    ['one that is whole already', false, wholeBody(Buffer.from('x'))],
  ]
  for (const [title, expected, body] of cases) {
    it(`${expected ? 'takes' : 'leaves'} ${title}`, () => equal(isSmall(body), expected))
  }
})
