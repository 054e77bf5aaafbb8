import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exchangesOf, type RecordingLab, startRecordingLab } from './recording-lab.ts'

const routes = `
  items.list: { match: GET /items, legacy: php, modern: ts, effects: read, stage: shadow }
`
const headers = { 'x-request-id': 'the-same' }
const queries = ['?n=1', '?n=2'] as const

type Answer = () => void

describe('a recording of requests that a client gave one id', function (this: Mocha.Suite) {
  this.timeout(30_000)
  let lab: RecordingLab
  const waiting: Answer[] = []
  const tell = ({ url }: IncomingMessage, answer: ServerResponse): void => {
    answer.writeHead(200, { 'content-type': 'application/json' })
    answer.end(JSON.stringify({ url }))
  }
  before(async () => {
    lab = await startRecordingLab({
      routes,
      trustedProxies: '127.0.0.1/32',
      // Both are under way before one is answered.
      legacy: (asked, answer) => {
        waiting.push(() => tell(asked, answer))
        if (waiting.length === queries.length) for (const go of waiting.splice(0)) go()
      },
      modern: tell,
    })
  })
  after(() => lab.close())

  it('holds each of them, compared with its own shadow', async () => {
    const file = await lab.record(async () => {
      await Promise.all(queries.map((query) => lab.ask({ path: `/items${query}`, headers })))
    })
    const found = exchangesOf(file).map(({ id, request, compared }) => ({
      id,
      url: request.url,
      shadow: Buffer.from(compared?.shadow?.body.bytes ?? []).toString(),
    }))
    assert.deepEqual(
      found.toSorted((a, b) => a.url.localeCompare(b.url)),
      queries.map((query) => ({
        id: 'the-same',
        url: `/items${query}`,
        shadow: JSON.stringify({ url: `/items${query}` }),
      })),
    )
  })
})
