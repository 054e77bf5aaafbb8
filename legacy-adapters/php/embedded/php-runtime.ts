/** Runs one PHP script for every request, with all in $_SERVER that a web server puts there. */
import { Buffer } from 'node:buffer'
import { mkdirSync } from 'node:fs'
import type { Interpreter, LegacyAnswer, LegacyRequest } from '../../embedded/serve.ts'
import { bootPhp, mountDirectory, type Php, type PhpResponse, type PhpRun } from './php-wasm.ts'

export interface PhpOptions {
  /** Absolute path of the script that answers everything. */
  readonly script: string
  /** Directories of the host that PHP sees, at the same absolute paths. Made where missing. */
  readonly directories: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Without a fresh runtime now and then, memory accesses go out of bounds after some 2 000 runs. */
const runsPerRuntime = 400

/** Bytes that came as latin1, as the UTF-8 text they are; what is none has replacement marks. */
const wireText = (latin1: string): string => Buffer.from(latin1, 'latin1').toString()

const createPhp = async ({ directories, env }: PhpOptions): Promise<Php> => {
  const php = await bootPhp(env)
  for (const directory of [...directories].sort((a, b) => a.length - b.length)) {
    mkdirSync(directory, { recursive: true })
    await mountDirectory(php, directory)
  }
  return php
}

/** One value a name: lists are joined as RFC 9110 §5.3 says, cookies as RFC 6265 does. */
const headerMap = ({ headers, body }: LegacyRequest): Record<string, string> => {
  const map = new Map<string, string>()
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    const value = wireText(headers[at + 1] ?? '')
    const before = map.get(name)
    const glue = name === 'cookie' ? '; ' : ', '
    map.set(name, before === undefined ? value : before + glue + value)
  }
  map.delete('transfer-encoding')
  map.set('content-length', String(body.length))
  return Object.fromEntries(map)
}

const runOptions = (request: LegacyRequest, script: string): PhpRun => ({
  scriptPath: script,
  relativeUri: wireText(request.url),
  method: request.method,
  headers: headerMap(request),
  ...(request.body.length > 0 ? { body: request.body } : {}),
  $_SERVER: {
    SCRIPT_FILENAME: script,
    SCRIPT_NAME: '/index.php',
    PHP_SELF: '/index.php',
    SERVER_PROTOCOL: 'HTTP/1.1',
    REMOTE_ADDR: request.remoteAddress,
  },
})

const readAll = async (chunks: AsyncIterable<ArrayBufferView>): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const { buffer, byteOffset, byteLength } of chunks) {
    parts.push(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return Buffer.concat(parts)
}

/** php-wasm hands the head over as JSON, its last line a marker. */
const parseHead = (head: Buffer): Pick<LegacyAnswer, 'status' | 'headers'> => {
  const { status, headers } = JSON.parse(head.toString('latin1')) as {
    status: number
    headers: readonly string[]
  }
  const lines = headers.filter((line) => line.includes(':'))
  return {
    status,
    headers: lines.flatMap((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    }),
  }
}

const collect = async (response: PhpResponse): Promise<LegacyAnswer> => {
  const [head, body, errors] = await Promise.all([
    readAll(response.getHeadersStream()),
    readAll(response.stdout),
    readAll(response.stderr),
    response.exitCode,
  ])
  if (errors.length > 0) process.stderr.write(errors)
  return { ...parseHead(head), body }
}

/** Starts PHP. It gets a new runtime every 400 runs, and after a run that broke it. */
export const createPhpInterpreter = async (options: PhpOptions): Promise<Interpreter> => {
  let php = await createPhp(options)
  let runsLeft = runsPerRuntime
  const renew = async (): Promise<void> => {
    try {
      php.exit()
    } catch {
      // What is broken already need not leave in order.
    }
    php = await createPhp(options)
    runsLeft = runsPerRuntime
  }
  return async (request) => {
    if (runsLeft <= 0) await renew()
    runsLeft -= 1
    try {
      return await collect(await php.runStream(runOptions(request, options.script)))
    } catch (error) {
      runsLeft = 0
      throw error
    }
  }
}
