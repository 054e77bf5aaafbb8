/** `npm run bench -- profile`: where the time of a request goes, as V8's profiler samples it. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { WebSocket } from 'ws'
import type { Case } from './cases.ts'
import { startBanyan } from './contender.ts'
import { load } from './load.ts'

/** A profile as the inspector gives it: samples name nodes, deltas are microseconds. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: {
      readonly functionName: string
      readonly url: string
      readonly lineNumber: number
    }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface Share {
  readonly place: string
  readonly micros: number
}

/** Whose work a sample is: a file of ours, a package, Node, or what V8 gives a name of its own. */
const placeOf = (functionName: string, url: string): string => {
  if (url.startsWith('node:')) return 'node, JavaScript'
  const [, inPackages] = url.split('/node_modules/')
  if (inPackages !== undefined) return inPackages.split('/').slice(0, 1).join('')
  const [, ours] = url.split('/proxy/')
  if (ours !== undefined) return `proxy/${ours}`
  return url === '' ? functionName : url
}

type CallFrame = CpuProfile['nodes'][number]['callFrame']

const byFile = ({ functionName, url }: CallFrame): string => placeOf(functionName, url)

const byFunction = ({ functionName, url, lineNumber }: CallFrame): string => {
  const name = functionName === '' ? '(anonymous)' : functionName
  if (url === '') return name
  return `${name}  ${url.replace(/^.*\/(?=proxy\/|node_modules\/)/, '')}:${lineNumber + 1}`
}

/** Self time by place, the most first; idle time is left out. Pure. */
const sharesOf = (
  { nodes, samples, timeDeltas }: CpuProfile,
  place: (frame: CallFrame) => string,
): Share[] => {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, place(callFrame)]))
  const micros = new Map<string, number>()
  samples.forEach((id, at) => {
    const where = places.get(id) ?? ''
    micros.set(where, (micros.get(where) ?? 0) + (timeDeltas[at] ?? 0))
  })
  micros.delete('(idle)')
  return [...micros]
    .map(([where, spent]) => ({ place: where, micros: spent }))
    .sort((a, b) => b.micros - a.micros)
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Speaks to the inspector of a process. */
const openInspector = async (port: number) => {
  const list = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()
  const [{ webSocketDebuggerUrl }] = list as [{ readonly webSocketDebuggerUrl: string }]
  const socket = new WebSocket(webSocketDebuggerUrl, { maxPayload: 2 ** 30 })
  await once(socket, 'open')
  let count = 0
  return {
    async ask(method: string, params: object = {}): Promise<unknown> {
      count += 1
      const id = count
      socket.send(JSON.stringify({ id, method, params }))
      for (;;) {
        const [message] = (await once(socket, 'message')) as [Buffer]
        const said = JSON.parse(message.toString()) as { id?: number; result?: unknown }
        if (said.id === id) return said.result
      }
    },
    close: () => socket.terminate(),
  }
}

const rendered = (title: string, shares: readonly Share[], requests: number): string => {
  const all = shares.reduce((sum, { micros }) => sum + micros, 0)
  const lines = shares
    .filter(({ micros }) => micros >= all / 250)
    .map(({ place, micros }) => {
      const share = `${((100 * micros) / all).toFixed(1)} %`.padStart(8)
      return `${share} ${(micros / requests).toFixed(2).padStart(8)} µs  ${place}`
    })
  return [`${title}: ${(all / requests).toFixed(0)} µs by the clock`, ...lines].join('\n')
}

export interface ProfileOptions {
  /** An empty directory. */
  readonly directory: string
  readonly origin: number
  readonly connections: number
  /** Of Node. */
  readonly flags: readonly string[]
}

/** Rounds of the case that are profiled, after as many that are not. */
const rounds = 15

export const profile = async (
  asked: Case,
  { directory, origin, connections, flags: nodeFlags }: ProfileOptions,
): Promise<string> => {
  const inspectorPort = await freePort()
  const flags = [`--inspect=127.0.0.1:${inspectorPort}`]
  const options = { directory, origin, routes: asked.routes, flags: [...flags, ...nodeFlags] }
  const { port, close } = await startBanyan('banyan', options)
  const requests = asked.requests * rounds
  const work = { port, request: asked.request, requests, connections }
  try {
    const inspector = await openInspector(inspectorPort)
    await load(work)
    await inspector.ask('Profiler.enable')
    await inspector.ask('Profiler.setSamplingInterval', { interval: 200 })
    await inspector.ask('Profiler.start')
    await load(work)
    const { profile: found } = (await inspector.ask('Profiler.stop')) as { profile: CpuProfile }
    inspector.close()
    return [
      rendered(`${asked.title}, by file`, sharesOf(found, byFile), requests),
      rendered(`${asked.title}, by function`, sharesOf(found, byFunction), requests),
    ].join('\n\n')
  } finally {
    close()
  }
}
