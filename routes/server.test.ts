import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fillTiny } from '../contract-tests/lab/tiny-data.ts'
import { startServer } from './server.ts'

describe('startServer', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-server-'))
  const url = `sqlite:${join(dir, 'conduit.db')}`
  const env = { DATABASE_URL: url, JWT_SECRET: 'x' }
  const options = { port: 0, host: '127.0.0.1', env, graceMs: 5000, log: () => {} }

  before(() => fillTiny(url))
  after(() => rmSync(dir, { recursive: true, force: true }))

  const get = async (port: number, path: string): Promise<readonly [number, string]> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return [response.status, await response.text()]
  }

  it('answers the API and both probes', async () => {
    const server = await startServer(options)
    assert.deepEqual(await get(server.port, '/livez'), [200, 'alive\n'])
    assert.deepEqual(await get(server.port, '/readyz'), [200, 'ready\n'])
    const [status, text] = await get(server.port, '/api/stats')
    assert.equal(status, 200)
    assert.equal(JSON.parse(text).articles, '3')
    await server.close()
  })

  it('is alive but not ready while the database cannot be reached', async () => {
    const missing = { ...env, DATABASE_URL: `sqlite:${join(dir, 'missing.db')}` }
    const events: unknown[] = []
    const server = await startServer({
      ...options,
      env: missing,
      log: (event) => events.push(event),
    })
    assert.equal((await get(server.port, '/livez'))[0], 200)
    assert.equal((await get(server.port, '/readyz'))[0], 503)
    assert.equal((await get(server.port, '/api/tags'))[0], 500)
    assert.match(JSON.stringify(events), /request_failed.*SQLITE_CANTOPEN/)
    await server.close()
  })

  it('closes once, however often it is asked', async () => {
    const server = await startServer(options)
    await Promise.all([server.close(), server.close()])
    await assert.rejects(get(server.port, '/livez'))
  })

  it('answers what is in flight when it is asked to close, and ends that connection', async () => {
    const server = await startServer(options)
    const agent = new Agent({ keepAlive: true })
    const asked = request({ port: server.port, agent, method: 'POST', path: '/api/users/login' })
    await new Promise((sent) => asked.write('{"user":', sent))
    // Whoever comes later is answered when this one has been seen.
    await get(server.port, '/livez')
    const closed = server.close()
    asked.end('{}}')
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.resume()
    assert.deepEqual([response.statusCode, response.headers.connection], [422, 'close'])
    await closed
    agent.destroy()
  })

  it('rejects when its port is taken', async () => {
    const first = await startServer(options)
    await assert.rejects(startServer({ ...options, port: first.port }), { code: 'EADDRINUSE' })
    await first.close()
  })

  const program = fileURLToPath(new URL('./server.js', import.meta.url))

  it('runs as a program, and leaves when it is asked to', async () => {
    const child = spawn(process.execPath, [program], { env: { ...process.env, ...env, PORT: '0' } })
    const [line] = await once(child.stdout, 'data')
    const { event, port } = JSON.parse(String(line))
    assert.equal(event, 'listening')
    assert.equal((await get(port, '/api/tags'))[0], 200)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'close'), [0, null])
  })

  for (const [title, wrong, said] of [
    ['no secret', { JWT_SECRET: undefined }, /JWT_SECRET is not set/],
    ['no database', { DATABASE_URL: undefined }, /DATABASE_URL is not set/],
    ['a bad port', { PORT: 'http' }, /PORT must be a number/],
  ] as const) {
    it(`exits with 1 and a sentence for ${title}`, async () => {
      const child = spawn(process.execPath, [program], {
        env: { ...process.env, ...env, ...wrong },
      })
      let words = ''
      child.stderr.on('data', (chunk) => {
        words += String(chunk)
      })
      assert.deepEqual(await once(child, 'close'), [1, null])
      assert.match(words, said)
      assert.doesNotMatch(words, /\n {4}at /)
    })
  }
})
