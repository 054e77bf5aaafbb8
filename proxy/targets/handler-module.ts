/** Finds the handlers: imports their module, calls `createApp`, names the build. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join, relative } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { HandlersConfig } from '../config/config.ts'

/** What is asked of a Koa application, whichever copy of Koa it comes from. */
export interface App {
  callback(): (request: IncomingMessage, response: ServerResponse) => unknown
  on(event: 'error', listener: (error: unknown, ctx?: { res?: ServerResponse }) => void): unknown
  off?(event: 'error', listener: unknown): unknown
  readonly onerror?: unknown
  readonly middleware?: readonly unknown[]
}

/** The handlers as their module makes them. */
export interface LoadedHandlers {
  readonly app: App
  readonly build: string
  close(): Promise<void>
}

/** What the module's `createApp` is given. */
export interface HandlersIo {
  readonly database: {
    readonly url?: string
    /** What Sequelize takes as `dialectModule`: a driver that Banyan puts before the database. */
    readonly dialectModule?: object
  }
  readonly fetch?: typeof fetch
  readonly role: 'primary' | 'shadow'
}

/** How long `createApp` may take, milliseconds. */
const patienceMs = 30_000

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const isApp = (value: unknown): value is App =>
  typeof record(value).callback === 'function' && typeof record(value).on === 'function'

const messageOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n', 1)[0]?.trim() ?? ''
}

/** An error that names the file, what is wrong and the way out. */
const unusable = (file: string, wrong: string, cause?: unknown): Error =>
  new Error(`handlers.module ${file} ${wrong}`, { cause })

const importFile = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  try {
    return record(await import(pathToFileURL(file).href))
  } catch (error) {
    const isMissing = await readFile(file).then(
      () => false,
      () => true,
    )
    if (isMissing) {
      throw unusable(file, 'is not there. Build the handlers, or correct the path.', error)
    }
    const wrong = `cannot be imported: ${messageOf(error)}. "node ${file}" shows where.`
    throw unusable(file, wrong, error)
  }
}

/** The given promise, or a rejection when it takes too long. */
const inTime = async <T>(promise: Promise<T>, late: () => Error): Promise<T> => {
  const timer = new AbortController()
  const giveUp = async (): Promise<never> => {
    await pass(patienceMs, null, { signal: timer.signal })
    throw late()
  }
  try {
    return await Promise.race([promise, giveUp()])
  } finally {
    timer.abort()
  }
}

const callCreateApp = async (
  file: string,
  createApp: (io: HandlersIo) => unknown,
  io: HandlersIo,
): Promise<unknown> => {
  const late = (): Error =>
    unusable(file, `has a createApp that is not done after ${patienceMs / 1000} s.`)
  const call = async (): Promise<unknown> => {
    try {
      return await createApp(io)
    } catch (error) {
      const wrong = `has a createApp that failed: ${messageOf(error)}. Its cause is in the log.`
      throw unusable(file, wrong, error)
    }
  }
  return inTime(call(), late)
}

/** The folder of the module, file by file: other bytes, another build. Packages do not count. */
const hashOf = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const isSkipped = (path: string): boolean =>
    /(^|[\\/])(node_modules|\.[^\\/]*)([\\/]|$)/.test(path)
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !isSkipped(path))
    .sort()
  const hash = createHash('sha256')
  for (const path of paths) {
    const bytes = await readFile(join(folder, path))
    hash.update(`${path}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex').slice(0, 12)
}

const noClose = async (): Promise<void> => {}

/** @throws Error when no application comes of it; its message is for the operator */
export const loadHandlers = async (
  file: string,
  config: HandlersConfig,
  { dialectModule, ...io }: Pick<HandlersIo, 'fetch' | 'role'> & { dialectModule?: object },
): Promise<LoadedHandlers> => {
  const exported = await importFile(file)
  const { createApp } = exported
  const database = {
    ...(config.databaseUrl === null ? {} : { url: config.databaseUrl }),
    ...(dialectModule === undefined ? {} : { dialectModule }),
  }
  const made =
    typeof createApp === 'function'
      ? record(await callCreateApp(file, createApp as () => unknown, { ...io, database }))
      : { app: [exported.app, exported.default].find(isApp) }
  const app = isApp(made) ? made : made.app
  if (!isApp(app)) {
    const wrong =
      typeof createApp === 'function'
        ? 'has a createApp that returns no { app, close }, where app is a Koa application.'
        : 'exports neither createApp(io) → { app, close } nor a Koa application as default.'
    throw unusable(file, wrong)
  }
  const { close } = made as { close?: unknown }
  const { build } = exported
  return {
    app,
    build: typeof build === 'string' && build !== '' ? build : await hashOf(dirname(file)),
    close: typeof close === 'function' ? async () => close.call(made) : noClose,
  }
}

interface Layer {
  readonly name?: unknown
}

/** The names of a Koa application's routes, as far as @koa/router tells; null: it has no router. */
export const routeNamesOf = ({ middleware = [] }: App): string[] | null => {
  const routers = middleware.flatMap((each) => record(each as object).router ?? [])
  const own = middleware.flatMap((each) =>
    typeof each === 'function' ? ((each as { router?: unknown }).router ?? []) : [],
  )
  const found = [...routers, ...own]
  if (found.length === 0) return null
  const layers = found.flatMap((router) => (record(router).stack as Layer[] | undefined) ?? [])
  return [...new Set(layers.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])))]
}
