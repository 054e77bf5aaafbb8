import { fileURLToPath } from 'node:url'
import { createScriptRelay, type ScriptRelay } from '../conformance/relay.ts'
import type { Send } from '../send.ts'
import { describeSend } from '../send-conformance.ts'
import { createLanesLab, type LanesLab } from './lanes-lab.ts'

const module = fileURLToPath(new URL('../conformance/relay-handlers.js', import.meta.url))

for (const isolation of ['thread', 'process'] as const) {
  describe(`lanes, each a ${isolation}`, () => {
    let relay: ScriptRelay
    let lab: LanesLab
    before(async () => {
      relay = await createScriptRelay()
      const databaseUrl = String(relay.port)
      lab = createLanesLab({ module, databaseUrl, isolation, timeoutMs: 10_000, lanes: 4 })
      await lab.lanes.warm()
    })
    after(async () => {
      await lab.lanes.close()
      relay.close()
    })

    describeSend(`a pool of lanes, each a ${isolation}`, {
      from: 'modern',
      cannot: [],
      async make(script) {
        const id = relay.add(script)
        const send: Send = (request, outlook) => lab.lanes.send({ ...request, id }, outlook)
        return { send, close: async () => {} }
      },
    })
  })
}
