import { deepEqual, equal } from 'node:assert/strict'
import { type Listener, type ShadowLab, saying, startShadowLab } from './shadow-lab.ts'

/** Says one thing after the other, the last of them for ever. */
const inTurn = (...texts: readonly string[]): Listener => {
  let at = 0
  return (asked, answer) => saying(texts[Math.min(at++, texts.length - 1)] ?? '')(asked, answer)
}

const hanging: Listener = () => {}
const dying: Listener = (asked) => asked.socket.destroy()

/** What legacy and modern say, and what that comes to. */
// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, Listener, Listener, string])[] = [
  ['the same bytes',                saying('{"a":1}'),                saying('{"a":1}'),                'identical'],
  ['the same in other bytes',       saying('{"a":1,"b":2}'),          saying('{"b":2,"a":1}'),          'equivalent'],
  ['a difference that stays',       saying('{"a":1}'),                saying('{"a":2}'),                'mismatch confirmed'],
  ['data that moved on',            inTurn('{"a":1}', '{"a":2}'),     saying('{"a":2}'),                'race'],
  ['a shadow that is not sure',     saying('{"a":1}'),                inTurn('{"a":2}', '{"a":3}'),     'shadow_unstable'],
  ['a value that is always new',    inTurn('{"a":"5f1c2d3e4b5a69788796a5b4c3d2e1f0"}', '{"a":"00112233445566778899aabbccddeeff"}'), saying('{"a":"ffeeddccbbaa99887766554433221100"}'), 'noise'],
  ['another status',                saying('{}'),                     saying('{}', {}, 500),            'mismatch confirmed'],
  ['a shadow that breaks off',      saying('{}'),                     dying,                            'shadow_error'],
  ['a shadow that hangs',           saying('{}'),                     hanging,                          'shadow_timeout'],
]

describe('a route at shadow', () => {
  let lab: ShadowLab
  afterEach(() => lab.close())

  for (const [title, legacy, modern, expected] of cases) {
    it(`answers from legacy and tells ${expected} of ${title}`, async () => {
      lab = await startShadowLab({ legacy, modern })
      const { status } = await lab.ask({ path: '/a?x=1' })
      equal(status, 200)
      const [told] = await lab.outcomes(1)
      const { outcome, confirmed, primary, shadow } = told?.tally ?? {}
      equal(`${outcome}${confirmed ? ' confirmed' : ''}`, expected)
      deepEqual([primary, shadow], ['legacy', 'modern'])
      equal(lab.legacy.asked[0]?.headers['x-banyan-shadow'], undefined)
      equal(lab.modern.asked[0]?.headers['x-banyan-shadow'], '1')
    }).timeout(20_000)
  }
})
