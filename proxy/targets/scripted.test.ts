import assert from 'node:assert/strict'
import { createOutlook, inbound } from './conformance/exchange.ts'
import { failure } from './failure.ts'
import { scripted } from './scripted.ts'
import { describeSend } from './send-conformance.ts'

describeSend('scripted', {
  from: 'legacy',
  cannot: [],
  make: async (script) => ({ send: scripted('legacy', script), close: async () => {} }),
})

describe('scripted', () => {
  it('rejects with the failure that its script throws', async () => {
    const why = failure('connection_refused', 'legacy', 'none')
    const send = scripted('legacy', () => {
      throw why
    })
    await assert.rejects(
      async () => send(inbound(), createOutlook()),
      (error) => error === why,
    )
  })
})
