/** Plays a script of a test in a handler elsewhere: what the test says and hears stays in it. */
import { setImmediate as turn } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import { hearBy } from '../lanes/lane-messages.ts'
import { rawHeader } from '../raw-header.ts'
import type { Play, Script } from '../scripted.ts'
import type { RawHeaders } from '../send.ts'
import { joinRelay, openRelay } from './relay-channel.ts'

/** What the script asks of the handler; `ask` numbers what is answered. */
type Call =
  | { readonly is: 'early'; readonly status: number; readonly headers: RawHeaders }
  | { readonly is: 'head'; readonly status: number; readonly headers: RawHeaders }
  | { readonly is: 'end'; readonly trailers: RawHeaders }
  | { readonly is: 'sever' }
  | { readonly is: 'write'; readonly ask: number; readonly chunk: Uint8Array }
  | { readonly is: 'read'; readonly ask: number }

interface Begin {
  readonly is: 'begin'
  readonly id: string
  /** Names the script: the request's id. */
  readonly script: string
  readonly method: string
  readonly url: string
  readonly headers: RawHeaders
}

type Message =
  | Begin
  | { readonly is: 'calls'; readonly id: string; readonly calls: readonly Call[] }
  | { readonly is: 'told'; readonly id: string; readonly ask: number; readonly value: unknown }
  | { readonly is: 'over'; readonly id: string }

/** The handler's side: a script that does what the other side's script says. */
export const relayed = async (port: number): Promise<Script> => {
  const handles = new Map<string, (calls: readonly Call[]) => void>()
  const channel = await joinRelay(port, (given) => {
    const message = given as Message
    if (message.is === 'calls') handles.get(message.id)?.(message.calls)
  })
  let count = 0
  return async (play) => {
    count++
    const id = `${process.pid}-${threadId}-${count}`
    const upload = play.upload[Symbol.asyncIterator]()
    const tell = async (ask: number, value: Promise<unknown>): Promise<void> => {
      const told = await value.catch(() => null)
      channel.post({ is: 'told', id, ask, value: told })
    }
    const perform = hearBy<Call>({
      early: ({ status, headers }) => play.early(status, headers),
      head: ({ status, headers }) => play.head(status, headers),
      end: ({ trailers }) => play.end(trailers),
      sever: () => play.sever(),
      write: ({ ask, chunk }) => void tell(ask, play.write(chunk)),
      read: ({ ask }) => void tell(ask, upload.next()),
    })
    handles.set(id, (calls) => {
      for (const call of calls) perform(call)
    })
    const { method, url, headers } = play
    const script = rawHeader(headers, 'x-request-id')
    channel.post({ is: 'begin', id, script, method, url, headers })
    await play.over
    handles.delete(id)
    channel.post({ is: 'over', id })
  }
}

interface Remote {
  told(ask: number, value: unknown): void
  over(): void
}

/** The calls of one turn travel together, as they would be made together. */
const createCalls = (send: (calls: readonly Call[]) => void): ((call: Call) => void) => {
  let calls: Call[] = []
  return (call) => {
    calls.push(call)
    if (calls.length > 1) return
    queueMicrotask(() => {
      send(calls)
      calls = []
    })
  }
}

const playOver = (
  { method, url, headers }: Begin,
  send: (calls: readonly Call[]) => void,
): Remote & { readonly play: Play } => {
  const call = createCalls(send)
  const asked: ((value: unknown) => void)[] = []
  const ask = (make: (ask: number) => Call): Promise<unknown> =>
    new Promise((resolve) => call(make(asked.push(resolve) - 1)))
  let finish: () => void = () => {}
  const over = new Promise<void>((resolve) => {
    finish = resolve
  })
  async function* upload(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = (await ask((ask) => ({ is: 'read', ask }))) as IteratorResult<Uint8Array> | null
      if (next === null) throw new Error('the upload broke off')
      if (next.done === true) return
      yield next.value
    }
  }
  return {
    told: (at, value) => asked[at]?.(value),
    over: finish,
    play: {
      ...{ method, url, headers, over, upload: upload() },
      early: (status, headers) => call({ is: 'early', status, headers }),
      head: (status, headers = []) => call({ is: 'head', status, headers }),
      end: (trailers = []) => call({ is: 'end', trailers }),
      sever: () => call({ is: 'sever' }),
      async write(chunk) {
        const told = ask((ask) => ({ is: 'write', ask, chunk: new Uint8Array(chunk) }))
        const isTaken = await Promise.race([told, over.then(() => false)])
        await turn()
        return isTaken === true
      },
    },
  }
}

/** The test's side: scripts that are performed for the requests whose id names them. */
export interface ScriptRelay {
  /** Where the handlers join it. */
  readonly port: number
  /** Returns its name. */
  add(script: Script): string
  close(): void
}

export const createScriptRelay = async (): Promise<ScriptRelay> => {
  const scripts: Script[] = []
  const remotes = new Map<string, Remote>()
  const perform = async (script: Script | undefined, play: Play): Promise<void> => {
    try {
      await script?.(play)
    } catch {
      play.sever()
    }
  }
  const begin = (message: Begin): void => {
    const { id } = message
    const remote = playOver(message, (calls) => channel.post({ is: 'calls', id, calls }))
    remotes.set(id, remote)
    void perform(scripts[Number(message.script)], remote.play)
  }
  const hear = hearBy<Message>({
    begin,
    told: ({ id, ask, value }) => remotes.get(id)?.told(ask, value),
    over({ id }) {
      remotes.get(id)?.over()
      remotes.delete(id)
    },
  })
  const channel = await openRelay((given) => hear(given as Message))
  const { port, close } = channel
  return { port, close, add: (script) => String(scripts.push(script) - 1) }
}
