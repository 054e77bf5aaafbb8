import assert from 'node:assert/strict'
import { brotliCompressSync, constants } from 'node:zlib'
import type { RouteVerdicts } from '../cutover/route-verdicts.ts'
import { startShadowLab } from './shadow-lab.ts'
import { askUnruly, fine, module, native } from './unruly-shadows.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, RegExp, string?])[] = [
  ['/hang', /^shadow_timeout$/],
  ['/spin', /^shadow_timeout$/],
  ['/exit', /^shadow_error$/],
  ['/segv', /^shadow_error$/, native],
  ['/stays-in-libsql', /^shadow_timeout$/, native],
]

describe('a shadow that misbehaves', () => {
  for (const [path, expected, handlers] of cases) {
    it(`costs no client anything, and is counted: ${path}`, () =>
      askUnruly(path, expected, 2, handlers)).timeout(60_000)
  }

  it('never passes a gate by ending its lane at every request', async () => {
    const lab = await startShadowLab({ legacy: fine, handlers: { module }, shadow: { lanes: 1 } })
    const most = 40
    for (let at = 0; at < most; at++) await lab.ask({ path: `/exit?${at}` })
    await lab.outcomes(most)
    const answer = await fetch(`${lab.adminUrl}/v1/routes/lab.any`)
    const { evidence } = (await answer.json()) as { readonly evidence: RouteVerdicts }
    await lab.close()
    assert.equal(evidence.bad, evidence.trials)
    assert.ok(evidence.trials > 0)
    const kinds = Object.keys(evidence.outcomes)
    assert.deepEqual(kinds.toSorted(), ['shadow_error', 'shed:lanes'])
    for (const { verdict } of evidence.gates) assert.notEqual(verdict, 'pass')
  }).timeout(60_000)

  it('cannot fill the memory of whoever compares: a bomb', async () => {
    const bomb = brotliCompressSync(Buffer.alloc(64_000_000), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 1 },
    })
    const lab = await startShadowLab({
      legacy: fine,
      modern(_, answer) {
        answer.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'br' })
        answer.end(bomb)
      },
    })
    assert.equal((await lab.ask()).body.toString(), 'fine')
    const [told] = await lab.outcomes(1)
    await lab.close()
    assert.match(`${told?.tally.outcome}:${told?.tally.reason}`, /decoded_size|mismatch/)
  }).timeout(60_000)
})
