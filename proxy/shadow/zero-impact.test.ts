import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type ServerResponse, request as send } from 'node:http'
import { type Listener, type ShadowLab, saying, startShadowLab } from './shadow-lab.ts'

const fine = saying('{"a":1}')

const countOf = async (
  lab: ShadowLab,
  count: number,
): Promise<Readonly<Record<string, number>>> => {
  const counts: Record<string, number> = {}
  for (const { tally } of await lab.outcomes(count)) {
    const name = [tally.outcome, tally.reason].filter((part) => part !== null).join(' ')
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

describe('what clients feel of shadows', () => {
  let lab: ShadowLab
  afterEach(() => lab.close())

  it('is no beginning: a shadow is asked once the answer is over', async () => {
    let finish = (): void => {}
    const half: Listener = (_, answer: ServerResponse) => {
      answer.write('half')
      finish = () => answer.end('whole')
    }
    lab = await startShadowLab({ legacy: half, modern: (_, answer) => answer.end('halfwhole') })
    const asked = send({ host: '127.0.0.1', port: lab.port, agent: false }).end()
    const [answer] = await once(asked, 'response')
    await once(answer, 'data')
    assert.equal(lab.modern.asked.length, 0)
    finish()
    await once(answer.resume(), 'end')
    await lab.outcomes(1)
    assert.equal(lab.modern.asked.length, 1)
  })

  it('is no byte: an answer beyond the limit is theirs whole, and counted as not compared', async () => {
    const long = Buffer.alloc(300_000, 'x').toString()
    lab = await startShadowLab({ legacy: saying(long), modern: saying(long) })
    assert.equal((await lab.ask()).body.toString(), long)
    assert.deepEqual(await countOf(lab, 1), { 'inconclusive body_not_kept': 1 })
  })

  it('is no flood: a shadow whose answer cannot be kept is not read on', async () => {
    let tellGone = (): void => {}
    const isGone = new Promise<void>((resolve) => {
      tellGone = resolve
    })
    const chunk = Buffer.alloc(65_536, 'x')
    const endless: Listener = (_, answer) => {
      const pour = (): void => {
        while (!answer.destroyed && answer.write(chunk));
      }
      answer.writeHead(200, { 'content-type': 'application/json', trailer: 'x-sum' })
      answer.on('drain', pour).on('close', tellGone)
      pour()
    }
    const summed: Listener = (_, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', trailer: 'x-sum' })
      answer.write('{"a":1}')
      answer.addTrailers({ 'x-sum': '7' })
      answer.end()
    }
    lab = await startShadowLab({ legacy: summed, modern: endless })
    assert.equal((await lab.ask()).status, 200)
    await isGone
    assert.deepEqual(await countOf(lab, 1), { 'inconclusive body_not_kept': 1 })
  })

  it('is no queue: what finds it full is shed, counted, and answered as ever', async () => {
    lab = await startShadowLab({ legacy: fine, modern: () => {}, shadow: { queue: 2 } })
    const asked = Array.from({ length: 12 }, (_, at) => lab.ask({ path: `/${at}` }))
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200)
    const counts = await countOf(lab, 12)
    assert.ok((counts['shed queue_full'] ?? 0) >= 1, JSON.stringify(counts))
    assert.ok((counts.shadow_timeout ?? 0) >= 1, JSON.stringify(counts))
  }).timeout(30_000)

  it('is no pressure: shadows stop by themselves where memory is short', async () => {
    lab = await startShadowLab({ legacy: fine, modern: fine, shadow: { rssLimitBytes: 1 } })
    const isPaused = (): boolean => lab.told.at(-1)?.tally.reason === 'pressure'
    for (let at = 1; !isPaused(); at++) {
      assert.equal((await lab.ask({ path: `/${at}` })).status, 200)
      await lab.outcomes(at)
    }
    assert.ok(lab.heard.some(({ event }) => event === 'shadows_paused'))
  }).timeout(30_000)

  it('is no burden for a legacy that is not well: nothing is repeated while its breaker is open', async () => {
    const ill: Listener = (asked, answer) =>
      asked.url === '/ill' ? asked.socket.destroy() : fine(asked, answer)
    lab = await startShadowLab({ legacy: ill, modern: saying('{"a":2}') })
    for (let at = 0; at < 25; at++) await lab.ask({ path: '/ill' }).catch(() => null)
    const before = lab.legacy.asked.length
    await lab.ask({ path: '/well' })
    const { outcome, confirmed } = (await lab.outcomes(26)).at(-1)?.tally ?? {}
    assert.deepEqual([outcome, confirmed, lab.legacy.asked.length - before], ['mismatch', false, 1])
  })
})
