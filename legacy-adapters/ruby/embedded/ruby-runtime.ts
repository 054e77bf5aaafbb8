/** Ruby 3.4 as WebAssembly: the only file that knows ruby-wasm. */
import { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { WASI } from 'node:wasi'
import { RubyVM } from '@ruby/wasm-wasi'
import type { Interpreter, LegacyRequest } from '../../embedded/serve.ts'
import type { Sql } from './sql-bridge.ts'

export interface RubyOptions {
  /** Directory of the Rack application; the interpreter sees it as /app. */
  readonly app: string
  /** Directory of bridge.rb. */
  readonly bridge: string
  readonly env: Readonly<Record<string, string>>
  readonly sql: Sql
}

/** @types/node knows no WebAssembly; this is what is needed of it. */
interface Compiler {
  compile(bytes: Uint8Array): Promise<never>
}
const { WebAssembly } = globalThis as unknown as { WebAssembly: Compiler }

/**
 * V8 would turn hot calls of WASI functions into fast API calls, in which Node allocates, which may
 * collect garbage there: the heap is corrupt and the process gone after some hundred file reads.
 * Until https://github.com/nodejs/node/issues/46777 is resolved. See docs/discoveries/ruby-wasm.md.
 */
const avoidFastCalls = (): void => {
  setFlagsFromString('--no-turbo-fast-api-calls')
}

const startVm = async ({ app, bridge, env }: RubyOptions): Promise<RubyVM> => {
  avoidFastCalls()
  const { resolve } = createRequire(import.meta.url)
  const module = await WebAssembly.compile(
    await readFile(resolve('@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm')),
  )
  const wasip1 = new WASI({
    version: 'preview1',
    returnOnExit: true,
    env: { ...env },
    preopens: { '/app': app, '/bridge': bridge },
  })
  return (await RubyVM.instantiateModule({ module, wasip1: wasip1 as never })).vm
}

const plainNames = new Set(['CONTENT_TYPE', 'CONTENT_LENGTH'])

/** The Rack env of a request, values as latin1; `rack.input` is added on the other side. */
const rackEnv = ({ method, url, headers, body, remoteAddress }: LegacyRequest): object => {
  const question = url.indexOf('?')
  const env: Record<string, string> = {
    REQUEST_METHOD: method,
    SCRIPT_NAME: '',
    PATH_INFO: question < 0 ? url : url.slice(0, question),
    QUERY_STRING: question < 0 ? '' : url.slice(question + 1),
    SERVER_NAME: '127.0.0.1',
    SERVER_PROTOCOL: 'HTTP/1.1',
    REMOTE_ADDR: remoteAddress,
    'rack.url_scheme': 'http',
  }
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toUpperCase().replaceAll('-', '_')
    const key = plainNames.has(name) ? name : `HTTP_${name}`
    const before = env[key]
    const glue = name === 'COOKIE' ? '; ' : ', '
    env[key] = before === undefined ? (headers[at + 1] ?? '') : before + glue + headers[at + 1]
  }
  env.CONTENT_LENGTH = String(body.length)
  return env
}

/** Starts Ruby and loads the application. Its statements go to `sql`. */
export const createRubyInterpreter = async (options: RubyOptions): Promise<Interpreter> => {
  // Ruby finds it as JS.global.call(:sql, …): a WebAssembly module shares this global object.
  Object.assign(globalThis, { sql: options.sql })
  const vm = await startVm(options)
  const bridge = vm.eval(
    `eval(File.read('/bridge/bridge.rb'), TOPLEVEL_BINDING, '/bridge/bridge.rb')`,
  )
  return async (request) => {
    const env = vm.wrap(JSON.stringify(rackEnv(request)))
    const body = vm.wrap(Buffer.from(request.body).toString('base64'))
    const answer = bridge.call('call', env, body).toString()
    const [status, headers, bytes] = JSON.parse(answer) as [number, string[], string]
    return { status, headers, body: Buffer.from(bytes, 'base64') }
  }
}
