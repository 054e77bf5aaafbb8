import assert from 'node:assert/strict'
import { brotliCompressSync, constants } from 'node:zlib'
import { startShadowLab } from './shadow-lab.ts'
import { askUnruly, fine } from './unruly-shadows.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, RegExp])[] = [
  ['/hang', /^shadow_timeout$/],
  ['/spin', /^shadow_timeout$/],
  ['/exit', /^shadow_error$/],
]

describe('a shadow that misbehaves', () => {
  for (const [path, expected] of cases) {
    it(`costs no client anything, and is counted: ${path}`, () =>
      askUnruly(path, expected, 2)).timeout(60_000)
  }

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
