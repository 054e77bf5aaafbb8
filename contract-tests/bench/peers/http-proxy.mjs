// http-proxy as its README shows it, with a keep-alive agent.
import http from 'node:http'
import httpProxy from 'http-proxy'

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })
const proxy = httpProxy.createProxyServer({ target: process.env.ORIGIN, agent })
proxy.on('error', (_error, _request, response) => response.destroy())
const server = http.createServer((request, response) => proxy.web(request, response))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('disconnect', () => process.exit(0))
