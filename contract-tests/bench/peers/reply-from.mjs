// @fastify/reply-from as its README shows it; bodies pass as streams.
import replyFrom from '@fastify/reply-from'
import Fastify from 'fastify'

const app = Fastify()
app.register(replyFrom, { base: process.env.ORIGIN, undici: { connections: 64, pipelining: 1 } })
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
app.all('/*', (request, reply) => reply.from(request.raw.url))
await app.listen({ port: 0, host: '127.0.0.1' })
process.send({ port: app.server.address().port })
process.on('disconnect', () => process.exit(0))
