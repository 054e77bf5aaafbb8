import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createFolder } from './command-lab.ts'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))

const file = `
upstreams: { php: { url: http://127.0.0.1:9 } }
handlers: { module: app.mjs }
routes:
  x: { match: GET /x, legacy: php, modern: handlers, effects: read }
`
const handlers = `
export const createApp = () => ({
  app: {
    callback: () => (_, response) => response.end('modern'),
    on() {},
  },
  close: async () => {},
})
`
const answer = {
  ...{ from: 'legacy', status: 200, headers: [], trailers: [], headMs: 1, totalMs: 1 },
  ...{ body: { bytes: { $text: 'legacy' }, length: 6, complete: true } },
  ...{ failure: null, instead: null },
}
const request = {
  method: 'GET',
  scheme: 'http',
  url: '/x',
  headers: [],
  body: null,
  lostBytes: null,
}
const lines = [
  { recording: 1, at: 1, revision: 'r', key: 'k', routes: [] },
  { id: 'one', route: 'x', at: 1, revision: 'r', request, answer, compared: null, redacted: [] },
]

it('replays in a process of its own, against handlers in lanes, to its exit code', async () => {
  const folder = createFolder()
  folder.write('app.mjs', handlers)
  const config = folder.write('banyan.yaml', file)
  const recording = folder.write('r.ndjson', lines.map((each) => JSON.stringify(each)).join('\n'))
  const args = [cli, 'replay', recording, '--config', config, '--json']
  const [code, out] = await new Promise<[unknown, string]>((resolve) => {
    execFile(process.execPath, args, (error, stdout) => resolve([error?.code ?? 0, stdout]))
  })
  folder.remove()
  assert.equal(code, 1, out)
  const { replayed, bad } = JSON.parse(out) as { replayed: number; bad: number }
  assert.deepEqual({ replayed, bad }, { replayed: 1, bad: 1 })
}).timeout(60_000)
