import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refused } from '../conformance/behaviour.ts'
import { laneArguments } from './lane-process.ts'
import { createLanesLab, type LanesLab } from './lanes-lab.ts'
import { ruinOne } from './ruin-lab.ts'

const module = fileURLToPath(new URL('../conformance/native-handlers.js', import.meta.url))

/** What ruins a whole process, and what is told of it. */
const ruins = [
  { path: '/calls-libsql', code: 'http_response_timeout', cause: 'timeout' },
  { path: '/stays-in-libsql', code: 'http_response_timeout', cause: 'timeout' },
  { path: '/buffers', code: 'connection_terminated', cause: 'memory' },
  { path: '/abort', code: 'connection_terminated', cause: 'crash' },
  { path: '/segv', code: 'connection_terminated', cause: 'crash' },
  { path: '/leaves-all-open', code: 'connection_terminated', cause: 'exit' },
] as const

/** Asks for what spins, and so says nothing to anybody any more. */
const spinning = (port: number): string => `
  import { createLanesLab } from ${JSON.stringify(new URL('./lanes-lab.js', import.meta.url).href)}
  const lab = createLanesLab({
    isolation: 'process', lanes: 1, timeoutMs: 600_000,
    module: ${JSON.stringify(module)}, databaseUrl: '${port}',
  })
  await lab.read('/fine')
  setInterval(() => {}, 1_000)
  lab.ask('/calls-libsql').catch(() => {})
  process.stdout.write('asked')
`

/** Takes away at its end what it has put into the directory of the lane. */
const tidyDriver = `data:text/javascript,${encodeURIComponent(`
import { mkdirSync, rmSync } from 'node:fs'
export const createLaneDatabase = (_, { scratch }) => {
  mkdirSync(scratch)
  process.on('exit', () => rmSync(scratch, { recursive: true }))
  return { database: {}, prepare: async () => null, end: async () => null }
}`)}`

/** Starts a lane that holds something on disk, and says so. */
const holding = `
  import { createLanesLab } from ${JSON.stringify(new URL('./lanes-lab.js', import.meta.url).href)}
  const lab = createLanesLab({
    isolation: 'process', lanes: 1, module: ${JSON.stringify(module)},
    database: { module: ${JSON.stringify(tidyDriver)}, options: null },
  })
  await lab.read('/fine')
  setInterval(() => {}, 1_000)
  process.stdout.write('served')
`

/** Resolves once there is nothing in a directory any more. */
const emptied = async (directory: string): Promise<void> => {
  const changes = watch(directory)
  for (;;) {
    const change = once(changes, 'change')
    if ((await readdir(directory)).length === 0) break
    await change
  }
  changes.close()
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a lane that is a process', () => {
  let lab: LanesLab
  const start = (about: Parameters<typeof createLanesLab>[0] = {}): void => {
    lab = createLanesLab({ isolation: 'process', module, ...about })
  }
  afterEach(() => lab?.lanes.close())

  for (const ruin of ruins) {
    const { path, cause } = ruin
    it(`is ended by ${cause} for ${path}, no other one is, and it is started again`, async () => {
      start(cause === 'timeout' ? {} : { timeoutMs: 60_000 })
      await ruinOne(lab, ruin)
    }).timeout(60_000)
  }

  it('says by what it was ended in the log', async () => {
    start()
    await refused(lab.ask('/segv'))
    const [, failed] = lab.lines.find(([event]) => event === 'lane_failed') ?? []
    assert.match(String(failed?.err), /SIGSEGV/)
  })

  it('has a working directory of its own', async () => {
    start({ lanes: 1 })
    const here = process.cwd()
    assert.equal(await lab.read('/chdir'), '/')
    assert.equal(process.cwd(), here)
  })

  it('writes what native code prints into the log', async () => {
    start({ lanes: 1 })
    await lab.lanes.warm()
    const printed = lab.hears('lane_output')
    assert.equal(await lab.read('/writes'), 'written')
    await printed
    const [, said] = lab.lines.find(([event]) => event === 'lane_output') ?? []
    assert.deepEqual(said, { role: 'primary', stream: 'stderr', line: 'said by native code' })
  })

  it('serves on through signals that are meant for the edge, and leaves nothing behind', async () => {
    start({ lanes: 1 })
    const pid = Number(await lab.read('/pid'))
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal)
    assert.equal(await lab.read('/fine'), 'fine')
    assert.deepEqual(lab.causes, [])
    await lab.lanes.close()
    assert.equal(isAlive(pid), false)
  })

  it('ends with the edge, even where that is killed and the lane spins', async () => {
    const sockets: Socket[] = []
    const server = createServer((socket) => sockets.push(socket.on('error', () => {})))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const directory = await mkdtemp(join(tmpdir(), 'banyan-lanes-'))
    try {
      const file = join(directory, 'program.mjs')
      await writeFile(file, spinning((server.address() as AddressInfo).port))
      const edge = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(edge.stdout, 'data')
      assert.ok(sockets.length > 0)
      edge.kill('SIGKILL')
      await Promise.all(sockets.map((socket) => socket.closed || once(socket, 'close')))
    } finally {
      server.close()
      await rm(directory, { recursive: true })
    }
  }).timeout(60_000)

  it('takes away what it holds on disk, even where the edge is killed', async () => {
    const [programs, room] = await Promise.all(
      ['program', 'room'].map((name) => mkdtemp(join(tmpdir(), `banyan-${name}-`))),
    )
    assert.ok(programs !== undefined && room !== undefined)
    try {
      const file = join(programs, 'program.mjs')
      await writeFile(file, holding)
      const env = { ...process.env, TMPDIR: room }
      const edge = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
      await once(edge.stdout, 'data')
      assert.notEqual((await readdir(room)).length, 0)
      edge.kill('SIGKILL')
      await emptied(room)
    } finally {
      for (const each of [programs, room]) await rm(each, { recursive: true })
    }
  }).timeout(30_000)

  it('is given those arguments of Node that find and load code', () => {
    const task = { role: 'shadow' } as Parameters<typeof laneArguments>[0]['task']
    const given = [
      ...['--import', './hooks.js', '--inspect=9229', '--title', 'edge', '--inspect-port', '9230'],
      ...['--input-type=module', '-e', 'code', '--enable-source-maps'],
    ]
    const memoryBytes = 100 * 1_048_576
    assert.deepEqual(laneArguments({ task, memoryBytes }, given), [
      ...['--import', './hooks.js', '--enable-source-maps'],
      ...['--title=banyan-lane-shadow', '--max-old-space-size=100', '--max-semi-space-size=8'],
      '--single-threaded-gc',
    ])
  })
})
