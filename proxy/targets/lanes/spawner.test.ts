import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { createSpawner, type Spawn, type Spawner } from './spawner.ts'

interface Heard {
  readonly spawn: Spawn
  /** The socket, and the id of the parent. */
  readonly linked: Promise<readonly [Socket, number]>
  readonly printed: (string | null)[]
}

/** Of all that were started: a child goes with its own. */
const links = new Set<Socket>()

const start = (spawner: Spawner, code: string): Heard => {
  const printed: (string | null)[] = []
  let spawn: Spawn | undefined
  const linked = new Promise<readonly [Socket, number]>((resolve) => {
    spawn = spawner.spawn(
      { args: ['-e', code], env: process.env, role: 'primary' },
      {
        linked(link, parent) {
          links.add(link)
          resolve([link, parent])
        },
        printed: (_, line) => printed.push(line),
      },
    )
  })
  if (spawn === undefined) throw new Error('it was not started')
  return { spawn, linked, printed }
}

const speaking = `
  const link = new (require('node:net').Socket)({ fd: 3 })
  link.once('data', (asked) => link.end(asked + ' by a child of ' + process.ppid))`
/** Goes with whoever holds the other end. */
const staying = `
  const link = new (require('node:net').Socket)({ fd: 3 })
  link.on('close', () => process.exit()).resume()`

const read = async (socket: Socket): Promise<string> => {
  let text = ''
  for await (const chunk of socket) text += chunk
  return text
}

describe('the process that starts lanes', () => {
  let spawner: Spawner
  beforeEach(() => {
    spawner = createSpawner()
  })
  afterEach(() => {
    spawner.close()
    for (const link of links) link.destroy()
    links.clear()
  })

  it('hands over a socket by which its child is spoken to', async () => {
    const { linked, spawn } = start(spawner, speaking)
    const [link, parent] = await linked
    link.write('asked')
    assert.equal(await read(link), `asked by a child of ${parent}`)
    assert.deepEqual(await spawn.ended, { signal: null, isOutOfMemory: false, problem: null })
  })

  it('is one for all of them, and not the edge', async () => {
    const [first, second] = [start(spawner, staying), start(spawner, staying)]
    const [[, one], [, other]] = await Promise.all([first.linked, second.linked])
    assert.equal(one, other)
    assert.notEqual(one, process.pid)
  })

  it('tells all that a child printed before it tells its end', async () => {
    const { spawn, printed } = start(spawner, "console.log('one'); console.error('two')")
    await spawn.ended
    assert.deepEqual(printed.toSorted(), ['one', 'two'])
  })

  it('ends a child, and tells by which signal it has ended', async () => {
    const { spawn, linked } = start(spawner, staying)
    await linked
    spawn.kill()
    assert.equal((await spawn.ended).signal, 'SIGKILL')
  })

  it('tells why a child cannot be started', async () => {
    const { problem } = await start(spawner, 'a\0b').spawn.ended
    assert.match(problem ?? '', /null bytes/)
  })

  it('tells when it has ended itself, and another one starts those that follow', async () => {
    const { spawn, linked } = start(spawner, staying)
    const [, parent] = await linked
    process.kill(parent, 'SIGKILL')
    assert.match((await spawn.ended).problem ?? '', /has ended/)
    const [, other] = await start(spawner, staying).linked
    assert.notEqual(other, parent)
  })

  it('says so when it cannot be asked to end one any more, and another one starts those that follow', async () => {
    const impatient = createSpawner({ patienceMs: 100 })
    const { spawn, linked } = start(impatient, staying)
    const [, parent] = await linked
    process.kill(parent, 'SIGSTOP')
    spawn.kill()
    assert.match((await spawn.ended).problem ?? '', /has ended/)
    const [, other] = await start(impatient, staying).linked
    assert.notEqual(other, parent)
    impatient.close()
  })

  it('is spared what Node runs besides, and passes it on', async () => {
    const before = process.env.NODE_OPTIONS
    const preload = 'if(process.argv[1]?.includes("spawner-child"))process.exit(3)'
    process.env.NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(preload)}`
    try {
      const told = "new (require('node:net').Socket)({ fd: 3 }).end(process.env.NODE_OPTIONS)"
      const { linked, spawn } = start(spawner, told)
      const [link] = await linked
      assert.equal(await read(link), process.env.NODE_OPTIONS)
      assert.equal((await spawn.ended).problem, null)
    } finally {
      if (before === undefined) delete process.env.NODE_OPTIONS
      else process.env.NODE_OPTIONS = before
    }
  })

  it('ends when it is closed', async () => {
    const { spawn, linked } = start(spawner, staying)
    await linked
    spawner.close()
    assert.match((await spawn.ended).problem ?? '', /has ended/)
  })
})
