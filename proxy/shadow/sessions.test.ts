import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readCauses } from '../config/built-in.ts'
import type { RouteVerdicts } from '../cutover/route-verdicts.ts'
import { plainRoute } from '../routing/plain-route.ts'
import type { Tally } from './finding.ts'
import { isSessionBound } from './round.ts'
import { type Listener, type ShadowLab, saying, startShadowLab } from './shadow-lab.ts'

const headers = { cookie: 'PHPSESSID=abc' }

/** `differ` is the only page that is not the same. */
const modern: Listener = (asked, answer) => {
  if (asked.url === '/breaks') answer.destroy()
  else if (asked.url === '/fails') saying('{}', {}, 500)(asked, answer)
  else saying(asked.url === '/differ' ? '{"a":2}' : '{"a":1}')(asked, answer)
}

const said = ({ outcome, reason }: Tally): string =>
  reason === null ? outcome : `${outcome}:${reason}`

const evidenceOf = async ({ adminUrl }: ShadowLab): Promise<RouteVerdicts | null> => {
  const answer = await fetch(`${adminUrl}/v1/routes/lab.any`)
  return ((await answer.json()) as { evidence: RouteVerdicts | null }).evidence
}

/** Evidence is put together at most once a second. */
const evidenceWith = async (lab: ShadowLab, trials: number): Promise<RouteVerdicts> => {
  for (;;) {
    const evidence = await evidenceOf(lab)
    if (evidence?.trials === trials) return evidence
    await once(AbortSignal.timeout(50), 'abort')
  }
}

describe('isSessionBound', () => {
  const cases = [
    ['a page of a session', 'GET', 'read', false, true],
    ['a page that may be asked twice', 'GET', 'read', true, false],
    ['what writes, and is asked for once only in any case', 'POST', 'write', false, false],
    ['what reads by a method that may do more', 'POST', 'read', false, false],
  ] as const
  for (const [what, method, effects, repeatable, isBound] of cases) {
    it(`is ${isBound} for ${what}`, () => {
      const route = plainRoute('a', { effects, repeatable })
      const request = { method, headers: ['cookie', headers.cookie] }
      assert.equal(isSessionBound({ plan: { route }, request }), isBound)
    })
  }
})

describe('requests with a session', () => {
  let lab: ShadowLab | null = null
  afterEach(async () => {
    await lab?.close()
    lab = null
  })

  it('are trials where both targets say the same, and unjudged where they do not', async () => {
    const opened = await startShadowLab({ legacy: saying('{"a":1}'), modern })
    lab = opened
    for (const path of ['/one', '/two', '/differ', '/three']) await opened.ask({ path, headers })
    await opened.ask({ path: '/differ' })
    const told = await opened.outcomes(5)
    assert.deepEqual(told.map(({ tally }) => said(tally)).toSorted(), [
      'identical',
      'identical',
      'identical',
      'inconclusive:session',
      'mismatch',
    ])
    const { sessions, bad } = await evidenceWith(opened, 4)
    assert.deepEqual(
      [sessions, bad],
      [{ judged: 3, trials: 3, bad: 0, unjudged: 1, unasked: 0 }, 1],
    )
  })

  it('are asked of legacy by no reverse shadow, which is no difference', async () => {
    const route = { stage: 'modern', effects: 'read' } as const
    const opened = await startShadowLab({ legacy: saying('{"a":1}'), modern, route })
    lab = opened
    await opened.ask({ path: '/one' })
    await opened.ask({ path: '/differ', headers })
    await opened.outcomes(2)
    const { sessions, outcomes } = await evidenceWith(opened, 1)
    assert.deepEqual(sessions, { judged: 0, trials: 0, bad: 0, unjudged: 0, unasked: 1 })
    assert.equal(outcomes['inconclusive:session'], 1)
    assert.equal(opened.legacy.asked.length, 1)
  })

  it('that had to fall back on legacy tell what modern did, and ask legacy no second time', async () => {
    const route = { stage: 'modern', effects: 'read', fallbackOn: readCauses } as const
    const opened = await startShadowLab({ legacy: saying('{"a":1}'), modern, route })
    lab = opened
    for (const path of ['/breaks', '/fails', '/one'])
      assert.equal((await opened.ask({ path, headers })).status, 200)
    const told = await opened.outcomes(3)
    assert.deepEqual(told.map(({ tally }) => said(tally)).toSorted(), [
      'inconclusive:session',
      'inconclusive:session',
      'shadow_error',
    ])
    const { sessions, bad } = await evidenceWith(opened, 1)
    assert.deepEqual(
      [sessions, bad],
      [{ judged: 1, trials: 1, bad: 1, unjudged: 1, unasked: 1 }, 1],
    )
    assert.equal(opened.legacy.asked.length, 2)
  })
})
