import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { beginLoad, startWorkers, type WorkersLab } from './workers-lab.ts'

/** All counters of a page, by name and labels. */
const countersOf = (page: string): ReadonlyMap<string, number> =>
  new Map(
    page
      .split('\n')
      .filter((line) => /^banyan_[a-z_]+_(total|count|bucket)\b/.test(line))
      .map((line) => {
        const at = line.lastIndexOf(' ')
        return [line.slice(0, at), Number(line.slice(at + 1))]
      }),
  )

const fallen = (before: string, after: string): readonly string[] => {
  const now = countersOf(after)
  return [...countersOf(before)]
    .filter(([key, value]) => (now.get(key) ?? 0) < value)
    .map(([key]) => key)
}

describe('banyan serve --workers', function () {
  this.timeout(60_000)
  let lab: WorkersLab | null = null
  afterEach(async () => {
    await lab?.close()
    lab = null
  })

  it('serves from each, puts together what they count, and drains on SIGTERM', async () => {
    lab = await startWorkers(2)
    const url = await lab.url()
    const end = beginLoad(url, 4)
    const workers = await lab.workers()
    const { answers, problems, bodies } = await end()
    assert.deepEqual(
      workers.map(({ state, restarts }) => [state, restarts]),
      [
        ['ready', 0],
        ['ready', 0],
      ],
    )
    assert.deepEqual(problems, [])
    assert.deepEqual([...bodies].sort(), workers.map(({ pid }) => `${pid} a`).sort())
    const { routes } = await lab.json<{ routes: { traffic: { requests: { modern: number } } }[] }>(
      '/v1/routes',
    )
    assert.equal(routes[0]?.traffic.requests.modern, answers)
    lab.child.kill('SIGTERM')
    assert.equal(await lab.ended(), 0)
  })

  it('replaces a worker that was killed: nobody but its own requests fails, and no sum falls', async () => {
    lab = await startWorkers(2)
    const url = await lab.url()
    const end = beginLoad(url, 20)
    const before = await lab.ask('/metrics')
    const [first] = await lab.workers()
    for (let i = 0; i < 2; i += 1) await lab.line('worker_ready')
    process.kill(first?.pid ?? 0, 'SIGKILL')
    assert.equal((await lab.line('worker_died')).pid, first?.pid)
    await lab.line('worker_ready')
    const after = await lab.ask('/metrics')
    const workers = await lab.workers()
    const { answers, problems } = await end()
    assert.deepEqual(fallen(before, after), [])
    assert.deepEqual(workers.map(({ restarts }) => restarts).sort(), [0, 1])
    assert.ok(problems.length <= 20, `${problems.length} of ${answers}: ${problems}`)
    assert.deepEqual(
      problems.filter((each) => each.startsWith('status')),
      [],
    )
  })

  it('leaves no client waiting that was handed to a worker which died before it took them', async () => {
    lab = await startWorkers(2)
    const url = await lab.url()
    for (let i = 0; i < 2; i += 1) await lab.line('worker_ready')
    const [first] = await lab.workers()
    process.kill(first?.pid ?? 0, 'SIGSTOP')
    const asked = Array.from({ length: 4 }, () =>
      fetch(`${url}/`).then(
        ({ status }) => status,
        () => 'cut',
      ),
    )
    // Whoever is alive answers all but the one that the stopped worker was handed.
    const answered = new Promise<void>((resolve) => {
      let left = 3
      for (const each of asked) {
        void each.then(() => {
          left -= 1
          if (left === 0) resolve()
        })
      }
    })
    await answered
    process.kill(first?.pid ?? 0, 'SIGKILL')
    assert.deepEqual((await Promise.all(asked)).sort(), [200, 200, 200, 'cut'])
  })

  it('gives a reload and a kill to all', async () => {
    lab = await startWorkers(2)
    const url = await lab.url()
    const revisions = async (): Promise<readonly (string | null)[]> =>
      ((await lab?.workers()) ?? []).map(({ revision }) => revision)
    const before = await revisions()
    await lab.write({ tag: 'second' })
    assert.equal(await lab.change('POST', '/v1/config:reload', {}), 200)
    const after = await revisions()
    assert.equal(after.length, 2)
    assert.equal(new Set(after).size, 1)
    assert.notEqual(after[0], before[0])
    assert.equal(
      await lab.change('POST', '/v1/kills', { scope: 'all', for: '1h', reason: 'x' }),
      201,
    )
    const asked = await Promise.all(Array.from({ length: 10 }, () => fetch(`${url}/`)))
    assert.deepEqual(new Set(asked.map(({ status }) => status)), new Set([502]))
    assert.equal(await lab.change('DELETE', '/v1/kills/all', {}), 200)
    assert.equal((await fetch(`${url}/`)).status, 200)
    assert.equal(await lab.change('POST', '/v1/explain', { method: 'GET', url: '/x' }), 200)
  })

  it('restarts one by one on SIGUSR2 with the code of now, and nobody notices', async () => {
    lab = await startWorkers(2)
    const url = await lab.url()
    const end = beginLoad(url, 10)
    const before = await lab.ask('/metrics')
    await lab.handlers('b')
    lab.child.kill('SIGUSR2')
    await lab.line('roll_done')
    const after = await lab.ask('/metrics')
    const { problems } = await end()
    assert.deepEqual(problems, [])
    assert.deepEqual(fallen(before, after), [])
    assert.match(await (await fetch(url)).text(), / b$/)
    await lab.handlers("' broken")
    lab.child.kill('SIGUSR2')
    await lab.line('roll_failed')
    assert.match(await (await fetch(url)).text(), / b$/)
  })

  it('exits as one process does when the port is taken or the handlers cannot be loaded', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    lab = await startWorkers(2, { port: (taken.address() as AddressInfo).port })
    assert.equal(await lab.ended(), 3)
    assert.match(lab.errors(), /another process has this port; listen\.port names another one/)
    taken.close()
    await lab.close()
    lab = await startWorkers(2, { module: 'absent.mjs' })
    assert.equal(await lab.ended(), 1)
    assert.match(lab.errors(), /absent\.mjs/)
  })
})
