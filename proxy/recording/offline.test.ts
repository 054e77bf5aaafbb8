import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { run } from '../commands/command-lab.ts'
import type { Io } from '../commands/io.ts'
import { scenario } from '../commands/scenario.ts'
import type { Tally } from '../shadow/finding.ts'
import { exchangesOf, type RecordingLab, startRecordingLab } from './recording-lab.ts'

const json = { 'content-type': 'application/json' }

const routes = `
  any: { match: "GET /*", legacy: php, modern: ts, effects: read, stage: shadow, repeatable: false, compare: [mine] }
`
const more = `
rulesets:
  mine:
    - { ignore: /token, why: "of each request its own" }
    - { coerce: /count, between: numberString, why: "a driver's" }
    - { order: /tags, is: ignored, why: "no order is promised" }
    - { case: /secret/case, why: "a name is one in any case" }
    - { time: /secret/time, tolerance: 2s, why: "two clocks" }
    - { coerce: /secret/coerce, between: numberString, why: "a driver's" }
    - { spelling: /secret/spelling, why: "1.0 is 1" }
    - { number: /secret/number, abs: 0.5, why: "a float" }
    - { whitespace: /secret/whitespace, why: "nobody sees it" }
    - { identity: /secret/identity, why: "of each database its own" }
    - { expect: /secret/expect, legacy: wrong, modern: right, why: "mended" }
    - { shape: /secret/shape, is: uuid, why: "random" }
    - { ignore: /secret/ignore, why: "random" }
`

let turn = 0
const next = (): number => {
  turn += 1
  return turn
}

/** What legacy says when it is asked again is what modern has said. */
const moved = ({ headers }: IncomingMessage): object => ({
  moved: headers['x-banyan-shadow'] === undefined ? 1 : 2,
})

type Says = (asked: IncomingMessage) => object

/** What each path says: legacy's JSON, modern's. */
// biome-ignore format: a table reads best as a table
const says: Readonly<Record<string, readonly [Says, Says]>> = {
  '/same':    [() => ({ a: 1 }), () => ({ a: 1 })],
  '/spelled': [() => ({ a: 1, b: 2 }), () => ({ b: 2, a: 1 })],
  '/value':   [() => ({ items: [{ id: 7, price: 1 }] }), () => ({ items: [{ id: 7, price: 2 }] })],
  '/secret':  [() => ({ password: 'one', email: 'a@mail.example' }), () => ({ password: 'two', email: 'b@mail.example' })],
  '/hidden':  [() => ({ password: 'one', email: 'a@mail.example' }), () => ({ email: 'a@mail.example', password: 'one' })],
  '/excused': [() => ({ token: `l${next()}`, count: '3' }), () => ({ token: `m${next()}`, count: 3 })],
  '/noisy':   [() => ({ at: next() }), () => ({ at: next() })],
  '/session': [() => ({ a: 1 }), () => ({ a: 2 })],
  '/moving':  [moved, () => ({ moved: 2 })],
  '/unsteady': [() => ({ steady: 0 }), () => ({ steady: next() })],
  '/broken':  [() => ({ a: 1 }), () => ({})],
  '/mixed':   [() => ({ token: `l${next()}`, price: 1, a: 1 }), () => ({ token: `m${next()}`, price: 2, a: 1 })],
  '/veiled/case':       [() => ({ secret: { case: 'ANN' } }), () => ({ secret: { case: 'ann' } })],
  '/veiled/time':       [() => ({ secret: { time: '2024-01-02T03:04:05Z' } }), () => ({ secret: { time: '2024-01-02T03:04:06Z' } })],
  '/veiled/late':       [() => ({ secret: { time: '2024-01-02T03:04:05Z' } }), () => ({ secret: { time: '2024-01-02T03:05:05Z' } })],
  '/veiled/coerce':     [() => ({ secret: { coerce: '3' } }), () => ({ secret: { coerce: 3 } })],
  '/veiled/spelling':   [() => ({ secret: { spelling: 'SPELLED' } }), () => ({ secret: { spelling: 1 } })],
  '/veiled/number':     [() => ({ secret: { number: 1.25 } }), () => ({ secret: { number: 1.5 } })],
  '/veiled/whitespace': [() => ({ secret: { whitespace: 'a  b' } }), () => ({ secret: { whitespace: 'a b' } })],
  '/veiled/identity':   [() => ({ secret: { identity: 17 } }), () => ({ secret: { identity: 18 } })],
  '/veiled/expect':     [() => ({ secret: { expect: 'wrong' } }), () => ({ secret: { expect: 'right' } })],
  '/veiled/shape':      [() => ({ secret: { shape: randomUUID() } }), () => ({ secret: { shape: randomUUID() } })],
  '/veiled/reshaped':   [() => ({ secret: { ignore: '2024-01-02T03:04:05Z' } }), () => ({ secret: { ignore: 'never' } })],
  '/missing': [() => ({ a: 1, b: null }), () => ({ a: 1 })],
}

type Place = Tally['places'][number]

const placesOf = (places: readonly Place[]) =>
  places.map(({ pattern, kind, as, rule }) => `${as} ${kind} ${pattern} ${rule ?? ''}`).toSorted()

const kinds = [
  ...['identical', 'equivalent', 'mismatch', 'noise', 'race', 'shadow_error', 'shadow_unstable'],
  'inconclusive:session',
]

const counted = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name) => [name, names.filter((each) => each === name).length]))

const plainScenario = { route: null, config: '', json: false, admin: null, form: 'scenario' }

interface Analysed {
  readonly routes: readonly {
    readonly outcomes: Readonly<Record<string, number>>
    readonly places: readonly (Omit<Place, 'rule'> & {
      readonly rule: { readonly id: string } | null
      readonly count: number
    })[]
  }[]
}

describe('the offline analysis of a recording', function (this: Mocha.Suite) {
  this.timeout(60_000)
  let lab: RecordingLab
  const listener =
    (side: 0 | 1) =>
    (asked: IncomingMessage, answer: ServerResponse): void => {
      const { url = '' } = asked
      if (side === 1 && url === '/broken') {
        answer.destroy()
        return
      }
      answer.writeHead(200, json)
      const said = JSON.stringify(says[url]?.[side](asked) ?? {})
      answer.end(said.replace('"SPELLED"', '1.0'))
    }
  before(async () => {
    lab = await startRecordingLab({ routes, more, legacy: listener(0), modern: listener(1) })
  })
  after(() => lab.close())

  const askAndHear = async (path: string): Promise<void> => {
    const count = lab.tallies.length + 1
    await lab.ask({ path, headers: path === '/session' ? { cookie: 'PHPSESSID=abc' } : {} })
    // What legacy says next is for its repeat, not for the next client.
    while (lab.tallies.length < count) await once(AbortSignal.timeout(10), 'abort')
  }

  it('comes to the same outcomes, places and rules as the live one', async () => {
    const file = await lab.record(async () => {
      for (const path of Object.keys(says)) {
        await askAndHear(path)
        await askAndHear(path)
      }
    })
    const told = lab.tallies
    assert.equal(told.length, 2 * Object.keys(says).length)
    assert.equal(exchangesOf(file).filter(({ compared }) => compared !== null).length, told.length)
    const outcomes = counted(
      told.map(({ outcome, reason }) => (reason === null ? outcome : `${outcome}:${reason}`)),
    )
    const places = counted(told.flatMap((tally) => placesOf(tally.places)))
    for (const wanted of kinds)
      assert.ok(wanted in outcomes, `${wanted} of ${JSON.stringify(outcomes)}`)

    const asked = lab.legacy.asked.length + lab.modern.asked.length
    const { out, code } = await lab.replay(file, { against: 'recorded' })
    const [route] = (JSON.parse(out) as Analysed).routes
    assert.deepEqual(route?.outcomes, outcomes)
    const offline = route?.places.map(({ rule, count, ...place }) => {
      const [text = ''] = placesOf([{ ...place, rule: rule?.id ?? null }])
      return [text, count] as const
    })
    assert.deepEqual(Object.fromEntries(offline ?? []), places)
    assert.equal(code, 1)
    assert.equal(lab.legacy.asked.length + lab.modern.asked.length, asked, 'nobody was asked')
  })

  it('says of what is redacted nothing that other rules would have said of the value', async () => {
    const file = await lab.record(async () => {
      await lab.ask({ path: '/veiled/case' })
      await lab.ask({ path: '/secret' })
    })
    const by = async (rules: string) => {
      const against = { against: 'recorded', rules: lab.folder.write('rules.yaml', rules) }
      const { out } = await lab.replay(file, against)
      return (JSON.parse(out) as Analysed).routes[0]?.outcomes
    }
    const other = '- { case: /secret/*, why: "a name is one in any case" }\n'
    assert.deepEqual(await by(other), { 'inconclusive:redacted': 1, mismatch: 1 })
    const ignored = '- { ignore: /*, why: "who knows" }\n'
    assert.deepEqual(await by(ignored), { equivalent: 1, 'inconclusive:redacted': 1 })
  })

  it('knows of its recorded repeats what is noise, when modern is asked anew', async () => {
    const file = await lab.record(async () => {
      for (const path of ['/noisy', '/noisy', '/noisy', '/noisy', '/value']) await askAndHear(path)
    })
    const repeats = exchangesOf(file).filter(({ compared }) => compared?.legacyAgain != null)
    const known = exchangesOf(file).filter(({ compared }) => compared?.noise.length !== 0)
    assert.ok(repeats.length > 0 && known.length > 0)
    const asked = lab.legacy.asked.length
    const { out } = await lab.replay(file, { against: 'modern', routes: ['any'] })
    const [route] = (JSON.parse(out) as Analysed).routes
    assert.deepEqual(route?.outcomes, { noise: 4, mismatch: 1 })
    assert.equal(lab.legacy.asked.length, asked, 'legacy was not asked')
  })

  /** The recording of one mismatch and another one, each line changed. */
  const changed = (file: string, change: (line: string) => string): string => {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lab.folder.write('changed.ndjson', lines.map(change).join('\n'))
  }
  const outcomesBy = async (changes: Parameters<RecordingLab['replay']>[1], file: string) => {
    const { out } = await lab.replay(file, changes)
    return (JSON.parse(out) as Analysed).routes[0]?.outcomes
  }

  it('is no surer by other rules of what was doubted when it was recorded', async () => {
    const file = await lab.record(() => askAndHear('/value'))
    const doubted = changed(file, (line) =>
      line.replace(
        /"outcome":"mismatch","reason":null/,
        '"outcome":"inconclusive","reason":"twin_stale"',
      ),
    )
    const rules = lab.folder.write('rules.yaml', '- { ignore: /nowhere, why: "who knows" }\n')
    const found = await outcomesBy({ against: 'recorded', rules }, doubted)
    assert.deepEqual(found, { 'inconclusive:twin_stale': 1 })
  })

  it('keeps apart what is redacted in exchanges of one id that are asked at once', async () => {
    const file = await lab.record(async () => {
      await lab.ask({ path: '/veiled/case' })
      await lab.ask({ path: '/veiled/case' })
    })
    const alike = changed(file, (line) => line.replace(/"id":"[^"]+"/, '"id":"the-same"'))
    const found = await outcomesBy({ against: 'modern' }, alike)
    assert.deepEqual(found, { 'inconclusive:redacted': 2 })
  })

  it('takes no token of what a rule may excuse for a difference of what modern says now', async () => {
    const file = await lab.record(async () => {
      await lab.ask({ path: '/veiled/case' })
      await lab.ask({ path: '/secret' })
    })
    const { out } = await lab.replay(file, { against: 'modern' })
    const [route] = (JSON.parse(out) as Analysed).routes
    assert.deepEqual(route?.outcomes, { 'inconclusive:redacted': 1, mismatch: 1 })
  })

  it('becomes a test of what was compared, and of nothing that a rule overlooks', async () => {
    const file = await lab.record(async () => {
      await lab.ask({ path: '/mixed' })
      await lab.ask({ path: '/excused' })
      await lab.ask({ path: '/hidden' })
    })
    const assertsOf = async (path: string): Promise<readonly string[]> => {
      const [found] = exchangesOf(file).filter(({ request }) => request.url === path)
      const io = (world: Io) =>
        scenario({ ...plainScenario, id: found?.id ?? '', from: file }, world)
      const { out } = await run(io)
      return [...out.matchAll(/assert\.deepEqual\((.*)\)/g)].map(([, said = '']) => said)
    }
    assert.deepEqual(await assertsOf('/mixed'), ["at(json, 'price'), 1"])
    assert.deepEqual(await assertsOf('/excused'), [])
    assert.deepEqual(await assertsOf('/hidden'), [])
  })

  it('judges by other rules without asking anybody', async () => {
    const file = await lab.record(async () => {
      await lab.ask({ path: '/value' })
    })
    const rules = lab.folder.write('rules.yaml', '- { ignore: /items/*/price, why: "a sale" }\n')
    const ran = await lab.replay(file, { against: 'recorded', rules })
    assert.equal(ran.code, 0)
    assert.deepEqual((JSON.parse(ran.out) as Analysed).routes[0]?.outcomes, { equivalent: 1 })
  })
})
