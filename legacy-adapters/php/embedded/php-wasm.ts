/**
 * The door to php-wasm: what is used of it, with types. Its own cannot be resolved by a compiler
 * that takes Node's rules for ES modules seriously.
 */
import * as node from '@php-wasm/node'
import * as universal from '@php-wasm/universal'

export interface PhpRun {
  readonly scriptPath: string
  readonly relativeUri: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly $_SERVER: Readonly<Record<string, string>>
}

/** What a run yields. The chunks are Int8Array in truth, whatever php-wasm says. */
export interface PhpResponse {
  getHeadersStream(): AsyncIterable<ArrayBufferView>
  readonly stdout: AsyncIterable<ArrayBufferView>
  readonly stderr: AsyncIterable<ArrayBufferView>
  /** Rejects when the interpreter broke; a script's own failure is a number. */
  readonly exitCode: Promise<number>
}

export interface Php {
  isDir(path: string): boolean
  mkdir(path: string): void
  mount(path: string, handler: object): Promise<unknown>
  runStream(run: PhpRun): Promise<PhpResponse>
  /** Gives the memory back. May throw when the interpreter is broken. */
  exit(): void
}

interface PhpWasm {
  readonly PHP: new (runtime: number) => Php
  createNodeFsMountHandler(directory: string): object
  loadNodeRuntime(
    version: '7.4',
    options: { emscriptenOptions: { ENV: Record<string, string>; processId: number } },
  ): Promise<number>
  setPhpIniEntries(php: Php, entries: Readonly<Record<string, string>>): Promise<void>
}

const { PHP, createNodeFsMountHandler, loadNodeRuntime, setPhpIniEntries } = {
  ...universal,
  ...node,
} as unknown as PhpWasm

/** As PHP and its php.ini-production have them: forms too large are thrown away, and not in the answer. */
const settings = { post_max_size: '8M', upload_max_filesize: '2M', display_errors: '0' } as const

/** Boots PHP 7.4. Environment variables are what `getenv` sees. */
export const bootPhp = async (env: Readonly<Record<string, string>>): Promise<Php> => {
  const emscriptenOptions = { ENV: { ...env }, processId: process.pid }
  const php = new PHP(await loadNodeRuntime('7.4', { emscriptenOptions }))
  await setPhpIniEntries(php, settings)
  return php
}

/** Shows a directory of the host to PHP, at the same path, unless one above it is shown already. */
export const mountDirectory = async (php: Php, directory: string): Promise<void> => {
  if (php.isDir(directory)) return
  php.mkdir(directory)
  await php.mount(directory, createNodeFsMountHandler(directory))
}
