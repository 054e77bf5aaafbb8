import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createScriptRelay } from '../conformance/relay.ts'
import type { Send } from '../send.ts'
import { describeSend } from '../send-conformance.ts'
import { createLanesLab, type LanesLab } from './lanes-lab.ts'

const module = fileURLToPath(new URL('../conformance/relay-handlers.js', import.meta.url))

describe('lanes', () => {
  const databaseUrl = randomUUID()
  const relay = createScriptRelay(databaseUrl)
  let lab: LanesLab
  before(async () => {
    lab = createLanesLab({ module, databaseUrl, timeoutMs: 10_000, lanes: 4 })
    await lab.lanes.warm()
  })
  after(async () => {
    await lab.lanes.close()
    relay.close()
  })

  describeSend('a pool of lanes', {
    from: 'modern',
    cannot: [],
    async make(script) {
      const id = relay.add(script)
      const send: Send = (request, outlook) => lab.lanes.send({ ...request, id }, outlook)
      return { send, close: async () => {} }
    },
  })
})
