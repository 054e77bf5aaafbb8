import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { refused } from '../conformance/behaviour.ts'
import { prepareMs } from './lane-supervisor.ts'
import { createLanesLab, type LanesLab, type LanesLabOptions, unruly } from './lanes-lab.ts'

/** Prints whether it is ended while it is being prepared. */
const slowDriver = `data:text/javascript,${encodeURIComponent(`export const createLaneDatabase = () => {
  let isPreparing = false
  return {
    database: {},
    async prepare() {
      isPreparing = true
      await new Promise((resolve) => setTimeout(resolve, 50))
      isPreparing = false
      return 'prepared'
    },
    async end() {
      process.stdout.write(isPreparing ? 'ended early\\n' : 'ended\\n')
      return null
    },
  }
}`)}`

/** Never comes to the end of a request that did not come. */
const spinningDriver = `data:text/javascript,${encodeURIComponent(`export const createLaneDatabase = () => ({
  database: {},
  prepare: async () => 'prepared',
  async end(isServed) {
    while (!isServed);
    return null
  },
})`)}`

const driver = `data:text/javascript,export const createLaneDatabase = ({ kind }) => ({ database: { dialectModule: { kind, driver: true } } })`

/** Keeps a file in the directory that the lane may make, and tells where. */
const keepingDriver = `data:text/javascript,${encodeURIComponent(`
import { mkdirSync, writeFileSync } from 'node:fs'
export const createLaneDatabase = (_, { scratch }) => {
  mkdirSync(scratch)
  writeFileSync(scratch + '/kept', 'something')
  return { database: { url: scratch }, prepare: async () => null, end: async () => null }
}`)}`

const program = `
  import { createLanes } from ${JSON.stringify(new URL('./lanes.js', import.meta.url).href)}
  import { createSpawner } from ${JSON.stringify(new URL('./spawner.js', import.meta.url).href)}
  const say = () => {}
  const lanes = createLanes({
    config: { module: ${JSON.stringify(unruly)}, timeoutMs: 500, concurrency: 1, databaseUrl: null },
    role: 'shadow', isolation: process.argv[2], lanes: 1, memoryBytes: 64 * 1048576, queue: 1, onEvent: say,
    spawner: createSpawner(),
    log: { debug: say, info: say, warn: say, error: say },
  })
  const keep = setInterval(say, 1000)
  await lanes.warm()
  clearInterval(keep)
  process.stdout.write(String(lanes.status().running))
`

for (const isolation of ['thread', 'process'] as const) {
  describe(`a lane that is a ${isolation}`, () => {
    let lab: LanesLab
    const start = (about: LanesLabOptions = {}): void => {
      lab = createLanesLab({ isolation, ...about })
    }
    afterEach(() => lab.lanes.close())

    it('tells the handlers their role and their database', async () => {
      start({ role: 'shadow' })
      assert.deepEqual(JSON.parse(await lab.read('/io')), { role: 'shadow', database: {} })
    })

    it('puts a driver of its own before the database', async () => {
      start({ database: { module: driver, options: { kind: 'capture' } } })
      const { database } = JSON.parse(await lab.read('/io'))
      assert.deepEqual(database.dialectModule, { kind: 'capture', driver: true })
    })

    it('is prepared before it is ended, where its request is given up meanwhile', async () => {
      start({ lanes: 1, database: { module: slowDriver, options: null } })
      await lab.lanes.warm()
      const hold = lab.lanes.hold({})
      hold?.release()
      assert.equal(await hold?.prepared, 'prepared')
      await lab.read('/io')
      const printed = lab.lines.flatMap(([event, { line }]) =>
        event === 'lane_output' ? [line] : [],
      )
      assert.ok(printed.includes('ended'))
      assert.ok(!printed.includes('ended early'))
      assert.deepEqual(lab.causes, [])
    })

    it('is ended where it does not come to its end once it is given back, and costs nobody its place', async () => {
      start({ lanes: 1, database: { module: spinningDriver, options: null } })
      await lab.lanes.warm()
      const hold = lab.lanes.hold({})
      assert.equal(await hold?.prepared, 'prepared')
      mock.timers.enable({ apis: ['setTimeout'] })
      try {
        hold?.release()
        mock.timers.tick(prepareMs - 1)
        assert.deepEqual([lab.causes, lab.lanes.hold({})], [[], null])
        mock.timers.tick(1)
        assert.deepEqual(lab.causes, ['timeout'])
        mock.timers.tick(prepareMs)
      } finally {
        mock.timers.reset()
      }
      assert.equal(await lab.read('/fine'), 'fine')
    }).timeout(60_000)

    it('leaves nothing on the disk, even where it is killed', async () => {
      start({ lanes: 1, database: { module: keepingDriver, options: null } })
      const { url } = JSON.parse(await lab.read('/io')).database
      assert.ok(existsSync(url))
      while (existsSync(url)) {
        await refused(lab.ask('/spin'))
        await turn()
      }
    }).timeout(60_000)

    it('keeps nobody who closes it waiting where it is stuck in the system', async () => {
      const dir = await mkdtemp(join(tmpdir(), 'banyan-stuck-'))
      const at = (name: string): string => join(dir, name)
      start({ lanes: 1, timeoutMs: 60_000 })
      const asked = refused(lab.ask(`/waits-in-the-system?dir=${dir}`))
      try {
        while (!existsSync(at('begun'))) await turn()
        await lab.lanes.close()
        await asked
        assert.ok(!existsSync(at('left')))
      } finally {
        await writeFile(at('over'), '')
        while (!existsSync(at('left'))) await turn()
        await rm(dir, { recursive: true })
      }
    }).timeout(30_000)

    it('is not used again once the handlers have left too much behind in it', async () => {
      start({ lanes: 1 })
      await lab.lanes.warm()
      const ended = lab.hears('lane_ended')
      assert.equal(await lab.read('/timers'), 'left 100 timers')
      await ended
      assert.deepEqual(lab.causes, ['leftovers'])
      assert.equal(await lab.read('/fine'), 'fine')
    }).timeout(60_000)

    it('writes a part of what the handlers print into the log', async () => {
      start()
      assert.equal(await lab.read('/prints'), 'printed')
      const printed = () => lab.lines.filter(([event]) => event === 'lane_output')
      while (printed().length < 100) await lab.hears('lane_output')
      const [, seventh] = printed()[7] ?? []
      assert.deepEqual(seventh, { role: 'primary', stream: 'stdout', line: 'line 7 \u001b[31m' })
      await lab.lanes.close()
      assert.equal(printed().length, 100)
    })

    it('writes what a handler printed before it never returned', async () => {
      start({ lanes: 1, timeoutMs: 500 })
      await lab.lanes.warm()
      const printed = lab.hears('lane_output')
      await refused(lab.ask('/prints-and-spins'))
      await printed
      const lines = lab.lines.flatMap(([event, { line }]) =>
        event === 'lane_output' ? [line] : [],
      )
      assert.deepEqual(lines, ['before the loop'])
    }).timeout(60_000)

    it('says what a handler threw in the log of the process', async () => {
      start()
      await refused(lab.ask('/throw'))
      const [, failed] = lab.lines.find(([event]) => event === 'lane_failed') ?? []
      assert.match(String(failed?.err), /thrown later/)
    })

    it('does not keep a process that has nothing else to do', async () => {
      start()
      const directory = await mkdtemp(join(tmpdir(), 'banyan-lanes-'))
      try {
        await writeFile(join(directory, 'program.mjs'), program)
        const run = promisify(execFile)
        const { stdout } = await run(process.execPath, [join(directory, 'program.mjs'), isolation])
        assert.equal(stdout, '1')
      } finally {
        await rm(directory, { recursive: true })
      }
    }).timeout(60_000)
  })
}
