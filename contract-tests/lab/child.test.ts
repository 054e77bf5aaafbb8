import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type Child, startChild } from './child.ts'
import type { Program } from './launch.ts'

const server = `
import { createServer } from 'node:http'
const server = createServer((_, response) => response.end(String(process.pid)))
process.on('disconnect', () => process.exit())
server.listen(Number(process.env.PORT ?? process.argv[1]), '127.0.0.1', () => {
  const { port } = server.address()
  console.log('serving at ' + port)
  process.send?.({ ready: true, port })
})`

/** Polls for what no event tells: the end of a process that is nobody's child any more. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await wait(20)
}

/** The process that answers there. */
const askPort = async (port: number): Promise<number> =>
  Number(await (await fetch(`http://127.0.0.1:${port}/`)).text())

const ask = ({ port }: Child): Promise<number> => askPort(port)

const silent = (port: number): Promise<boolean> =>
  askPort(port).then(
    () => false,
    () => true,
  )

describe('startChild', () => {
  let dir = ''
  let child: Child | null = null
  let programs: Record<'module' | 'command', Program>

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'banyan child '))
    const file = join(dir, 'server.mjs')
    writeFileSync(file, server)
    programs = {
      module: { module: pathToFileURL(file), env: {} },
      command: {
        command: (port) => [process.execPath, '--input-type=module', '-e', server, String(port)],
        ready: /serving at (\d+)/,
        env: {},
      },
    }
  })
  afterEach(async () => {
    await child?.close()
    child = null
    rmSync(dir, { recursive: true })
  })

  for (const form of ['module', 'command'] as const) {
    describe(`with a ${form}`, () => {
      const start = async (): Promise<Child> => {
        child = await startChild({ name: 'it', program: programs[form], dir })
        return child
      }

      it('resolves when it is ready, and keeps what it wrote', async () => {
        const started = await start()
        assert.ok((await ask(started)) > 0)
        assert.match(started.log(), /serving at \d+/)
      })

      it('brings back on the same port what ended by itself', async () => {
        const started = await start()
        process.kill(await ask(started), 'SIGKILL')
        await until(() => started.falls() === 1 && started.pid() !== null)
        assert.ok((await ask(started)) > 0)
      })

      it('leaves down what was killed, until restart', async () => {
        const started = await start()
        const first = await ask(started)
        await started.kill()
        assert.equal(await silent(started.port), true)
        assert.equal(started.pid(), null)
        await started.restart()
        assert.notEqual(await ask(started), first)
        assert.equal(started.falls(), 0)
      })

      it('restarts what runs', async () => {
        const started = await start()
        const first = await ask(started)
        await started.restart()
        assert.notEqual(await ask(started), first)
      })

      it('ends it and removes its pid file on close', async () => {
        const started = await start()
        assert.equal(existsSync(join(dir, 'it.pid')), true)
        await started.close()
        assert.equal(await silent(started.port), true)
        assert.equal(existsSync(join(dir, 'it.pid')), false)
      })

      it('kills what an earlier run in this directory left behind', async () => {
        const before = await start()
        const pid = await ask(before)
        const after = await startChild({ name: 'it', program: programs[form], dir })
        assert.notEqual(await ask(after), pid)
        await until(() => before.falls() === 1)
        await after.close()
      })
    })
  }

  it('rejects with the last words of what does not start', async () => {
    const command = (): readonly string[] => ['sh', '-c', 'echo "\u001b[31mno database"; exit 3']
    const program: Program = { command, ready: /never (\d)/, env: {} }
    await assert.rejects(startChild({ name: 'php', program, dir }), (error: Error) => {
      assert.match(error.message, /^php did not start: /)
      assert.match(error.message, /\ufffd\[31mno database/)
      return true
    })
  })

  it('rejects when it takes too long, and ends it', async () => {
    const command = (): readonly string[] => ['sleep', '600']
    const program: Program = { command, ready: /never (\d)/, env: {} }
    const late = startChild({ name: 'php', program, dir, patience: 50 })
    await assert.rejects(late, /it was not ready after 50 ms/)
  })

  it('rejects when the command is not there', async () => {
    const command = (): readonly string[] => ['/no/such/command']
    const program: Program = { command, ready: /never (\d)/, env: {} }
    await assert.rejects(startChild({ name: 'php', program, dir }), /did not start/)
  })

  it('leaves no child behind when the parent is killed', async () => {
    const lab = new URL('./child.js', import.meta.url).href
    const script = `
      const { startChild } = await import(${JSON.stringify(lab)})
      const options = ${JSON.stringify({ name: 'orphan', dir })}
      const command = (port) => ${JSON.stringify([process.execPath, '--input-type=module', '-e', server])}.concat(String(port))
      const child = await startChild({ ...options, program: { command, ready: /serving at (\\d+)/, env: {} } })
      console.log(child.port)`
    const parent: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script])
    const [line] = (await once(parent.stdout!, 'data')) as [Buffer]
    const port = Number(line)
    assert.equal(await silent(port), false)
    parent.kill('SIGKILL')
    await until(() => silent(port))
  })
})
