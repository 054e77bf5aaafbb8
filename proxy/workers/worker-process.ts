/** One worker: a whole proxy on the listener that all share, told what to do by the primary process. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config/config.ts'
import { reviveConfig } from '../config/serialized.ts'
import { createKillSet, type KillSet } from '../cutover/kill-set.ts'
import type { Kills } from '../cutover/kills.ts'
import { createProxy, type Proxy as RunningProxy } from '../proxy.ts'
import { leaveStuckThreads } from '../stuck-threads.ts'
import { createLog, type ProcessLog } from '../telemetry/log.ts'
import { logOutput } from '../telemetry/process-output.ts'
import { isOfSystem } from './is-of-system.ts'
import type { ToPrimary, ToWorker } from './messages.ts'
import { leaveRequestsYoung } from './young-requests.ts'

type Told<Kind> = Extract<ToWorker, { kind: Kind }>

interface Serving {
  readonly proxy: RunningProxy
  readonly log: ProcessLog
  readonly kills: KillSet
}

/** How long requests may still take once the process has a fault. */
const crashMs = 5_000
/** Whatever handlers leave open may not keep the process. */
const leaveMs = 2_000
/** As long as a page of metrics may be old: the last one has to hold the last request. */
const pageMs = 1_000
/** They are the primary's: a terminal or a service manager sends them to all processes of a group. */
const primarySignals = ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGUSR2'] as const

/** Resolves once the primary has it, or is gone. */
const tell = (message: ToPrimary): Promise<void> =>
  new Promise((resolve) => {
    if (!process.connected) return resolve()
    process.send?.(message, undefined, {}, () => resolve())
  })

/** What all workers would otherwise have is the primary's; its readiness has waited before a drain. */
const ownPart = (config: Config): Config => ({
  ...config,
  admin: { host: '127.0.0.1', port: 0 },
  probes: null,
  listen: { ...config.listen, drain: { ...config.listen.drain, delayMs: 0 } },
})

/** The primary alone gives and takes; here they are only looked up. */
const asKills = ({ list, shadowsKilled, killed }: KillSet): Kills => {
  const refuse = (): never => {
    throw new Error('kills are given to the primary process')
  }
  return { kill: refuse, lift: refuse, list, shadowsKilled, killed }
}

const begin = async ({
  pieces,
  kills,
  log: form,
  needsHandlers,
}: Told<'begin'>): Promise<Serving | null> => {
  const log = createLog({ ...form, worker: process.pid })
  if (form.pretty !== true) logOutput(log)
  const set = createKillSet(Date.now)
  set.replace(kills)
  try {
    const config = ownPart(await reviveConfig(pieces))
    const proxy = createProxy(
      { config, needsHandlers },
      { log, kills: asKills(set), isOnlyProcess: false },
    )
    const { url, adminUrl } = await proxy.start()
    const { handlersBuild } = proxy.status.process()
    await tell({ kind: 'ready', place: { url, adminUrl, handlersBuild } })
    return { proxy, log, kills: set }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    await log.close()
    await tell({ kind: 'failed', message, isOfSystem: isOfSystem(error) })
    return null
  }
}

/** Never rejects. */
const take = async ({ proxy }: Serving, { pieces }: Told<'config'>): Promise<void> => {
  try {
    await proxy.reload(await reviveConfig(pieces))
    await tell({ kind: 'taken', problem: null })
  } catch (error) {
    await tell({ kind: 'taken', problem: error instanceof Error ? error.message : String(error) })
  }
}

const createLeave = () => {
  let ending: Promise<void> | null = null
  const end = async ({ proxy, log }: Serving, code: number): Promise<void> => {
    try {
      const leftover = await proxy.drain()
      await sleep(pageMs)
      const page = await proxy.metrics.page('identity')
      await tell({ kind: 'page', text: page.toString() })
      log.info('worker_ended', { code, ...leftover })
    } catch (error) {
      log.error('drain_failed', { err: error })
    }
    await log.close()
    process.exitCode = code
    if (process.connected) process.disconnect()
    setTimeout(() => process.exit(code), leaveMs).unref()
  }
  /** The second call ends what the first one waits for. */
  return (serving: Serving, code: number): void => {
    if (ending === null) ending = end(serving, code)
    else serving.proxy.close().catch(() => {})
  }
}

const hear = (): void => {
  leaveStuckThreads()
  const leave = createLeave()
  let serving: Promise<Serving | null> | null = null
  /** In the order in which it was told. */
  const whileServing = (act: (current: Serving) => void | Promise<void>): void => {
    serving =
      serving?.then(async (current) => {
        if (current !== null) await act(current)
        return current
      }) ?? null
  }
  const acts: Readonly<Record<ToWorker['kind'], (message: ToWorker) => void>> = {
    begin(message) {
      serving = begin(message as Told<'begin'>).then((current) => {
        if (current === null) process.exit(1)
        return current
      })
    },
    config: (message) => whileServing((current) => take(current, message as Told<'config'>)),
    kills: (message) =>
      whileServing(({ kills }) => kills.replace((message as Told<'kills'>).kills)),
    lookAtCertificates: () => whileServing(({ proxy }) => proxy.lookAtCertificates()),
    drain: () => whileServing((current) => leave(current, 0)),
  }
  process.on('message', (message: ToWorker) => acts[message.kind]?.(message))
  for (const signal of primarySignals) process.on(signal, () => {})
  // Nobody is left who would tell when to end, or have another one serve.
  process.on('disconnect', () =>
    serving === null ? process.exit(1) : acts.drain({ kind: 'drain' }),
  )
  process.on('uncaughtException', (error) => {
    if (serving === null) process.exit(1)
    whileServing((current) => {
      current.log.error('fault', { err: error, why: 'nobody caught it: the process ends' })
      void tell({ kind: 'leaving' })
      setTimeout(() => current.proxy.close().catch(() => {}), crashMs).unref()
      leave(current, 1)
    })
  })
  void tell({ kind: 'here' })
}

leaveRequestsYoung()
hear()
