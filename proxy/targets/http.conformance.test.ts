import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { upstreamConfig } from '../../contract-tests/lab/upstream-config.ts'
import type { SendMaker } from './conformance/behaviour.ts'
import { nodeScript } from './conformance/node-script.ts'
import { describeSend } from './send-conformance.ts'
import { createUpstream } from './upstream.ts'

/** The lines that every request gets on its way; the suite looks at what the client sent. */
const added = /^x-(?:forwarded-(?:for|proto|host)|request-id)$/i

type Wire = 'own' | 'undici'

const wires: Readonly<Record<Wire, string>> = {
  own: 'a connection of our own',
  undici: 'undici',
}

const makeOver =
  (wire: Wire): SendMaker['make'] =>
  async (script) => {
    const play = nodeScript(script)
    const server = createServer((request, response) => {
      request.rawHeaders = request.rawHeaders.filter(
        (_, at) => !added.test(request.rawHeaders[at & ~1] ?? ''),
      )
      // Node's own would send the head as UTF-8: nodejs/node#1693.
      response.flushHeaders = () => void response.write('', 'latin1')
      play(request, response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const upstream = createUpstream(upstreamConfig(`http://127.0.0.1:${port}`, { wire }), {
      pseudonym: 'banyan-test',
      now: () => performance.now(),
    })
    return {
      send: upstream.send('legacy'),
      async close() {
        await upstream.close(0)
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      },
    }
  }

for (const wire of ['own', 'undici'] as const) {
  describeSend(`HTTP over ${wires[wire]}`, {
    from: 'legacy',
    // What is on its way to a socket is taken, whether or not the upstream reads it.
    cannot: ['lazyUpload'],
    make: makeOver(wire),
  })
}
