// undici bare: a dozen lines round Pool.dispatch, no policy, no log, no metric.
import http from 'node:http'
import { Pool } from 'undici'

const pool = new Pool(process.env.ORIGIN, { connections: 64, pipelining: 1 })
const hop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'expect'])
const flat = (raw, text) => {
  const out = []
  for (let i = 0; i < raw.length; i += 2) {
    const name = text(raw[i])
    if (!hop.has(name.toLowerCase())) out.push(name, text(raw[i + 1]))
  }
  return out
}
const server = http.createServer((request, response) => {
  const { method, url: path, rawHeaders } = request
  const body = method === 'GET' || method === 'HEAD' ? null : request
  pool.dispatch(
    { path, method, headers: flat(rawHeaders, String), body },
    {
      onRequestStart() {},
      onResponseStart(controller, status, _headers, message) {
        response.writeHead(
          status,
          message,
          flat(controller.rawHeaders, (b) => b.latin1Slice()),
        )
      },
      onResponseData(_controller, chunk) {
        response.write(chunk)
      },
      onResponseEnd() {
        response.end()
      },
      onResponseError() {
        response.destroy()
      },
    },
  )
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
