import { equal, match } from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createOrigin, type LabOrigin, reply } from '../contract-tests/lab/origin.ts'
import { plainUpstream } from './edge/plain-config.ts'
import { type ProxyLab, startProxy } from './proxy-lab.ts'

describe('an upload that cannot be read', () => {
  let origin: LabOrigin
  let lab: ProxyLab
  before(async () => {
    origin = await createOrigin(() => reply('200 OK', [], 'legacy'))
    lab = await startProxy({ upstreams: { php: plainUpstream([origin.url]) } })
  })
  after(async () => {
    await lab.close()
    await origin.close()
  })

  it('is answered 400 and leaves no request behind', async () => {
    const socket = connect(Number(new URL(lab.url).port), '127.0.0.1')
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
    socket.end(`${head}zz\r\n`)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    await once(socket, 'close')
    match(text, /^HTTP\/1\.1 400 /)
    const { requestsInFlight } = lab.proxy.status.process()
    equal(requestsInFlight, 0)
  })
})
