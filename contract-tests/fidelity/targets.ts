/** Targets travel as they came, or not at all. */
import assert from 'node:assert/strict'
import { reply } from '../lab/origin.ts'
import { oddTargets } from './odd-targets.ts'
import type { Row } from './row.ts'
import { askOnce, statusOf } from './talk.ts'

/** @param heard what the origin hears; default: the same bytes */
const verbatim = (id: string, target: string, heard: string = target): Row => ({
  id,
  says: `passes ${JSON.stringify(target)} on${heard === target ? ' byte for byte' : ` as ${heard}`}`,
  async holds(world) {
    assert.equal((await world.heard(`GET ${target}`)).line, `GET ${heard} HTTP/1.1`)
  },
})

/** @param status that refuses it */
const refused = (id: string, line: string, status: number, lines: readonly string[] = []): Row => ({
  id,
  says: `answers ${line} ${lines.join(' ')} with ${status}, and counts it`,
  async holds({ tell, origin, proxy }) {
    assert.equal(statusOf(await tell(askOnce(line, lines))), status)
    assert.equal(origin.requests.length, 0)
    const metrics = await (await fetch(`${proxy.adminUrl}/metrics`)).text()
    assert.match(metrics, /^banyan_requests_total\{[^}]*_refused[^}]*\} 1$/m)
  },
})

export const targets: readonly Row[] = [
  ...oddTargets.map(([id, target]) => verbatim(id, target)),
  verbatim('path-abs', 'http://app.example/p?q', '/p?q'),
  verbatim('path-abs-root', 'http://app.example?q', '/?q'),
  {
    id: 'path-star',
    says: 'passes OPTIONS * on',
    origin: ({ line }) =>
      reply(line === 'OPTIONS * HTTP/1.1' ? '204 No Content' : '400 Bad Request'),
    async holds({ tell }) {
      assert.equal(statusOf(await tell(askOnce('OPTIONS *'))), 204)
    },
  },
  refused('path-star-get', 'GET *', 400),
  refused('path-abs-mismatch', 'GET http://evil/p', 400),
  refused('path-fragment', 'GET /a#b', 400),
  refused('path-userinfo', 'GET http://a@app.example/', 400),
  refused('m-trace', 'TRACE /', 405),
  refused('m-connect', 'CONNECT app.example:443', 405),
  // Node's own parser takes neither; both are told so, and counted.
  refused('path-utf8', 'GET /caf\xc3\xa9', 400),
  refused('m-unknown', 'FOO /', 400),
]
