import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createFolder } from './command-lab.ts'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))

it('says that no more can be written where a recording outgrows what its file may hold', async () => {
  const folder = createFolder()
  const admin = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/x-ndjson' })
    // It goes on, as a recording does: what ends it is the file.
    answer.write(`${JSON.stringify({ id: 'x'.repeat(200_000) })}\n`)
  })
  admin.listen(0, '127.0.0.1')
  await once(admin, 'listening')
  const { port } = admin.address() as AddressInfo
  const out = join(folder.path, 'r.ndjson')
  const asked = ['record', '--json', '--out', out, '--admin', `http://127.0.0.1:${port}`]
  const limited = 'ulimit -f 1; exec "$@"'
  const run = spawn('sh', ['-c', limited, 'sh', process.execPath, cli, ...asked])
  const [said, complained, [code]] = await Promise.all([
    text(run.stdout),
    text(run.stderr),
    once(run, 'close'),
  ])
  admin.closeAllConnections()
  admin.close()
  folder.remove()
  assert.equal(code, 3, complained)
  assert.match(JSON.parse(said).error.message, /r\.ndjson cannot be written: EFBIG/)
  assert.doesNotMatch(complained, /Unhandled/)
}).timeout(30_000)
