/** What a client may say of itself, and what only a trusted proxy may. */
import assert from 'node:assert/strict'
import { type Row, requestLinesOf, valuesOf } from './row.ts'

const twins = [
  'X_Forwarded_For: 6.6.6.6',
  'X_REAL_IP: 6.6.6.6',
  'x_forwarded_proto: https',
  'X-Forwarded_Host: evil',
  'X_Banyan_Target: modern',
  'X_Request_Id: evil',
  'Content_Length: 5',
  'Transfer_Encoding: chunked',
]
const claims = [
  'X-Forwarded-For: 6.6.6.6',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Host: evil',
  'X-Forwarded-Port: 1',
  'Forwarded: for=6.6.6.6',
  'X-Real-IP: 6.6.6.6',
  'True-Client-IP: 6.6.6.6',
  'X-Original-URL: /admin',
  'X-Rewrite-URL: /admin',
  'X-Request-Id: evil',
  'X-Banyan-Target: modern',
  'Proxy: http://evil',
]
const trusted = { trustedProxies: ['127.0.0.1'] }

export const trust: readonly Row[] = [
  {
    id: 'req-xff',
    says: 'believes nothing that a client says of its way',
    listen: { trustedProxies: [] },
    async holds(world) {
      const heard = requestLinesOf(await world.heard('GET /', claims))
      for (const claim of claims) assert.ok(!heard.includes(claim), claim)
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-For'), ['127.0.0.1'])
    },
  },
  {
    id: 'req-xfproto',
    says: 'tells the upstream the scheme and the host that the client used',
    listen: { trustedProxies: [] },
    async holds(world) {
      const heard = requestLinesOf(await world.heard('GET /', claims))
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-Proto'), ['http'])
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-Host'), ['app.example'])
    },
  },
  {
    id: 'req-twins',
    says: 'drops lines that CGI would read as framing, or as what only a proxy may say',
    listen: { trustedProxies: [] },
    async holds(world) {
      const heard = requestLinesOf(await world.heard('GET /', twins))
      for (const twin of twins) assert.ok(!heard.includes(twin), twin)
    },
  },
  {
    id: 'req-underscore',
    says: 'keeps other names with an underscore',
    async holds(world) {
      assert.deepEqual(
        valuesOf(requestLinesOf(await world.heard('GET /', ['X_My_App: 1'])), 'X_My_App'),
        ['1'],
      )
    },
  },
  {
    id: 'req-xff-trusted',
    says: 'appends the address of a trusted proxy to what it says',
    listen: trusted,
    async holds(world) {
      const heard = requestLinesOf(
        await world.heard('GET /', [
          'X-Forwarded-For: 1.2.3.4',
          'X-Forwarded-Proto: https',
          'X-Forwarded-Host: a.example',
        ]),
      )
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-For'), ['1.2.3.4, 127.0.0.1'])
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-Proto'), ['https'])
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-Host'), ['a.example'])
    },
  },
  {
    id: 'req-xff-lines',
    says: 'keeps a way that is told in several lines',
    listen: trusted,
    async holds(world) {
      const heard = requestLinesOf(
        await world.heard('GET /', ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-For: 5.6.7.8']),
      )
      assert.deepEqual(valuesOf(heard, 'X-Forwarded-For'), ['1.2.3.4, 5.6.7.8, 127.0.0.1'])
    },
  },
  {
    id: 'req-id',
    says: 'takes the request id of a trusted proxy, and of nobody else',
    listen: trusted,
    async holds(world) {
      const heard = requestLinesOf(await world.heard('GET /', ['X-Request-Id: abc-123']))
      assert.deepEqual(valuesOf(heard, 'X-Request-Id'), ['abc-123'])
    },
  },
]
