/** `banyan replay`: recorded requests once more, and what their answers come to. */
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import * as builtIn from '../config/built-in.ts'
import type { Config, Route } from '../config/config.ts'
import { type RecordingSurvey, readExchanges } from '../recording/read-recording.ts'
import type { Recorded } from '../recording/recorded.ts'
import { keyName } from '../recording/redact-recorded.ts'
import { createReplay } from '../recording/replay.ts'
import { askedBy } from '../recording/replay-choice.ts'
import { createReplayCount, type ReplayCount } from '../recording/replay-count.ts'
import { replayAll } from '../recording/replay-run.ts'
import { openReplayTargets, type ReplayTargets } from '../recording/replay-targets.ts'
import { exemplarOfRecorded, type RecordedExemplar } from '../recording/scenario-exchange.ts'
import { scenarioText } from '../recording/scenario-text.ts'
import { type Comparer, createComparer } from '../shadow/comparer.ts'
import type { Exemplar } from '../shadow/finding.ts'
import { createRedact } from '../shadow/redact.ts'
import { readKey } from '../shadow/redact-key.ts'
import { silentLog } from '../telemetry/log.ts'
import { type Exit, exit, type Io } from './io.ts'
import { createProgress } from './progress.ts'
import { readConfig } from './read-config.ts'
import { checkRoutes, checkWrites, survey } from './replay-checks.ts'
import { type ReplayOptions, type ReplayWish, readWish } from './replay-options.ts'
import { nothingCompared, replayJson, replayView } from './replay-view.ts'
import { answering, CommandError, note, say } from './say.ts'
import { spanOf } from './status-view.ts'
import { createPaint } from './text.ts'

interface World {
  readonly config: Config
  readonly wish: ReplayWish
  readonly survey: RecordingSurvey
  readonly targets: ReplayTargets
  readonly comparer: Comparer
  /** Null: this machine does not have the one of the recorder. */
  readonly key: Uint8Array | null
}

const compareMs = 10_000
const heapMb = 512

const findKey = (config: Config, io: Pick<Io, 'err'>): Uint8Array | null => {
  try {
    return readKey(join(config.stateDir, 'redact.key'))
  } catch (error) {
    note(io, `${(error as Error).message}; going on without it`)
    return null
  }
}

const openWorld = async (
  config: Config,
  wish: ReplayWish,
  survey: RecordingSurvey,
  io: Pick<Io, 'err'>,
): Promise<World> => {
  const { concurrency, against } = wish
  const { redact: names } = config.shadow ?? builtIn.shadow
  const asked = askedBy(against)
  const log = silentLog
  const targets = openReplayTargets(config, {
    asked,
    concurrency,
    log,
    now: () => performance.now(),
  })
  const key = findKey(config, io)
  const comparer = createComparer({
    ...{ key: key ?? new Uint8Array(32), names, level: 'redacted', log, heapMb },
    deadlineMs: compareMs,
  })
  const problem = await targets.ready()
  if (problem === null) return { config, wish, survey, targets, comparer, key }
  await Promise.all([targets.close(), comparer.close()])
  throw new CommandError(exit.unreachable, `the handlers cannot be loaded: ${problem}`)
}

const closeWorld = async ({ targets, comparer }: World): Promise<void> => {
  await Promise.all([targets.close(), comparer.close()])
}

const routesOf = ({ routes }: Config): ReadonlyMap<string, Route> =>
  new Map(routes.map((route) => [route.id, route]))

/** How long what is left may take, as fast as it went so far; a paced one by its times, too. */
const etaOf = (count: ReplayCount, { survey, wish }: World, passedMs: number): number => {
  const seen = count.seen()
  const left = survey.exchanges - seen
  const byRate = seen === 0 ? 0 : (passedMs / seen) * left
  const paced = wish.speed === null ? 0 : (survey.lastAt - survey.firstAt) / wish.speed - passedMs
  return Math.max(byRate, paced, 0)
}

const progressMs = 1_000

/** @param exemplars takes what is worth a look, besides the count */
const runReplay = async (
  world: World,
  options: ReplayOptions,
  io: Io,
  onDone: (recorded: Recorded, exemplar: Exemplar | null) => void,
): Promise<ReplayCount> => {
  const { config, wish, survey, targets, comparer, key } = world
  const { redact: names, bodyLimitBytes } = config.shadow ?? builtIn.shadow
  const now = (): number => performance.now()
  const count = createReplayCount(io.now)
  const progress = createProgress(io)
  const startMs = now()
  const timer = setInterval(() => {
    const eta = spanOf(etaOf(count, world, now() - startMs))
    progress.show(
      `${count.seen()} of ${survey.exchanges} exchanges, ${count.bad()} not as legacy, ${eta} left`,
    )
  }, progressMs)
  const replay = createReplay({
    ...{ plans: targets.plans, rules: wish.rules, supplied: wish.supplied, comparer, now },
    redact: createRedact({ key: key ?? new Uint8Array(32), names }),
    hasKey: key !== null && [...survey.keys].every((name) => name === keyName(key)),
    bodyLimitBytes,
  })
  const chosen = options.scenario
  try {
    await replayAll({
      exchanges: only(readExchanges(options.file), chosen),
      routes: routesOf(config),
      terms: { ...wish, routes: new Set(options.routes), onlyReads: options.onlyReads },
      replay,
      speed: chosen === null ? wish.speed : null,
      ...{ firstAt: survey.firstAt, concurrency: wish.concurrency, now, wait: io.wait },
      stop: io.stop(),
      onDone(recorded, concluded) {
        count.add(concluded)
        onDone(recorded, concluded.exemplar)
      },
      onSkipped: (_, why) => count.skip(why),
    })
  } finally {
    clearInterval(timer)
    progress.clear()
  }
  return count
}

/** @param id null: all of them */
async function* only(all: AsyncIterable<Recorded>, id: string | null): AsyncGenerator<Recorded> {
  for await (const each of all) if (id === null || each.id === id) yield each
}

const tellWhatIsMissing = ({ survey, key, wish }: World, io: Io): void => {
  if (survey.isCut) note(io, 'the recording broke off; its last line is left out')
  const isForeign = key === null || ![...survey.keys].every((name) => name === keyName(key))
  if (isForeign && wish.against !== 'both' && wish.against !== 'recorded') {
    note(
      io,
      'the recording was redacted with the key of another instance: secrets cannot be compared',
    )
  }
}

/** That nothing was compared is no good news, though nothing is bad. */
const exitOf = (count: ReplayCount, io: Pick<Io, 'err'>): Exit => {
  if (count.compared() > 0) return count.bad() === 0 ? exit.fine : exit.no
  note(io, nothingCompared(count))
  return exit.no
}

const printScenario = async (world: World, options: ReplayOptions, io: Io): Promise<Exit> => {
  let found: RecordedExemplar | null = null
  const count = await runReplay(world, options, io, (recorded, exemplar) => {
    found = exemplarOfRecorded(recorded, exemplar)
  })
  if (found === null) {
    const [why] = Object.keys(count.skipped())
    const message = `${options.file} has no exchange "${options.scenario}"`
    throw new CommandError(
      exit.no,
      why === undefined ? message : `"${options.scenario}" cannot be replayed: ${why}`,
    )
  }
  const { exemplar, leftOut } = found as RecordedExemplar
  io.out(scenarioText(exemplar, world.wish.form, leftOut))
  return exitOf(count, io)
}

const report = async (world: World, options: ReplayOptions, io: Io): Promise<Exit> => {
  const count = await runReplay(world, options, io, () => {})
  const { config, wish } = world
  const results = { count, config, rules: wish.rules, plans: world.targets.plans, now: io.now() }
  say(io, options, {
    json: replayJson(results),
    text: replayView(results, wish.top, createPaint(io.color)),
  })
  return exitOf(count, io)
}

const replayIn = async (world: World, options: ReplayOptions, io: Io): Promise<Exit> => {
  tellWhatIsMissing(world, io)
  try {
    return await (options.scenario === null ? report : printScenario)(world, options, io)
  } finally {
    await closeWorld(world)
  }
}

/** Exits 1 where modern differs, would write unasked, or nothing was compared; 3 where something cannot be reached. */
export const replay = (options: ReplayOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const wish = await readWish(options, io)
    const config = await readConfig(options, io)
    const found = await survey(options.file)
    checkRoutes(options, found)
    checkWrites(options, wish, config, found)
    // Threads keep no process: without a timer it would end before they do.
    const awake = setInterval(() => {}, progressMs)
    try {
      return await replayIn(await openWorld(config, wish, found, io), options, io)
    } finally {
      clearInterval(awake)
    }
  })
