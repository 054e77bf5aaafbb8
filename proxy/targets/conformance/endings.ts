/** How exchanges end early: aborted, cancelled, severed. */
import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { errorRow } from '../../errors.ts'
import { failure } from '../failure.ts'
import type { Play } from '../scripted.ts'
import { type Behaviour, refused } from './behaviour.ts'
import { createOutlook, createTap } from './exchange.ts'

const block = Buffer.alloc(65_536, 'x')
const gone = failure('client_gone', 'client', 'unknown')

/** Answers for ever; resolves `stopped` when told that nobody listens. */
const endless = (): { script: (play: Play) => Promise<void>; stopped: Promise<void> } => {
  let stop: () => void = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  return {
    stopped,
    async script(play) {
      play.head(200)
      while (await play.write(block)) {}
      await play.over
      stop()
    },
  }
}

export const endings: readonly Behaviour[] = [
  {
    title: 'rejects with the reason of an abort before the head, and stops the work',
    async holds(lab) {
      const outlook = createOutlook()
      let stop: () => void = () => {}
      const stopped = new Promise<void>((resolve) => {
        stop = resolve
      })
      const attempt = lab.send(
        async (play) => {
          outlook.abort(gone)
          await play.over
          stop()
        },
        {},
        outlook,
      )
      assert.equal((await refused(attempt)).code, 'client_gone')
      await stopped
    },
  },
  {
    title: 'rejects at once when the exchange was aborted before it began',
    async holds(lab) {
      const attempt = lab.send((play) => play.over, {}, createOutlook(gone))
      assert.equal((await refused(attempt)).code, 'client_gone')
    },
  },
  {
    title: 'fails the body of an exchange that is aborted midway, and stops the work',
    async holds(lab) {
      const { script, stopped } = endless()
      const outlook = createOutlook()
      const { body } = await lab.send(script, {}, outlook)
      const tap = createTap()
      body.flow(tap)
      await tap.begun
      outlook.abort(gone)
      await tap.over
      await stopped
      assert.equal(tap.failure?.code, 'client_gone')
      assert.equal(tap.endings, 1)
    },
  },
  ...['that flows', 'that nobody took'].map(
    (which): Behaviour => ({
      title: `stops the work when a body ${which} is cancelled, and says nothing more`,
      async holds(lab) {
        const { script, stopped } = endless()
        const { body } = await lab.send(script)
        const tap = createTap()
        const flow = body.flow(tap)
        if (which === 'that flows') await tap.begun
        flow.cancel()
        const before = tap.size()
        await stopped
        assert.equal(tap.size(), before)
        assert.equal(tap.endings, 0)
      },
    }),
  ),
  {
    title: 'ignores an abort after the end',
    async holds(lab) {
      const outlook = createOutlook()
      const { body } = await lab.send(
        async (play) => {
          play.head(200)
          await play.write(Buffer.from('all'))
          play.end()
        },
        {},
        outlook,
      )
      const tap = createTap()
      body.flow(tap)
      await tap.over
      outlook.abort(gone)
      assert.deepEqual([tap.failure, tap.endings], [null, 1])
    },
  },
  {
    title: 'rejects with a Failure of its target when the exchange is severed before the head',
    async holds(lab) {
      const why = await refused(lab.send((play) => play.sever()))
      assert.equal(why.party, lab.from)
      assert.equal(why.effect, 'unknown')
      assert.ok(errorRow(why.code).status >= 500)
      assert.ok(why.detail.length > 0)
    },
  },
  {
    title: 'fails the body when the exchange is severed midway',
    async holds(lab) {
      const tap = createTap()
      const { body } = await lab.send(async (play) => {
        play.head(200)
        await play.write(Buffer.from('half'))
        await tap.begun
        play.sever()
      })
      body.flow(tap)
      await tap.over
      assert.equal(String(Buffer.concat(tap.chunks)), 'half')
      assert.equal(tap.failure?.code, 'http_response_incomplete')
      assert.equal(tap.failure.party, lab.from)
      assert.equal(tap.endings, 1)
    },
  },
]
