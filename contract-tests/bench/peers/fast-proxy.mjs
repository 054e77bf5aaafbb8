// fast-proxy as its README shows it, over undici, which is its faster way.
import http from 'node:http'
import fastProxy from 'fast-proxy'

const { proxy } = fastProxy({
  base: process.env.ORIGIN,
  undici: { connections: 64, pipelining: 1 },
})
const server = http.createServer((request, response) => proxy(request, response, request.url, {}))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
