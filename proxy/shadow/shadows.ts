/** All shadows of a process: who is let in, what runs, and the one place where an outcome is told. */
import { setTimeout } from 'node:timers/promises'
import type { Hold, ShadowBudget } from './budget.ts'
import type { Tell } from './finding.ts'
import { createNoiseLedgers, type NoiseLedgers } from './noise-ledgers.ts'
import { createRepeatBudget, type RepeatBudget } from './repeat-budget.ts'
import { type Concluded, createRun } from './run.ts'
import type { Sample } from './sample.ts'
import type { Sampler } from './sampler.ts'
import type { ShedReason } from './shed.ts'
import type { RunParts, Taken } from './taken.ts'
import { inconclusive, noSides, shed, tallyOf, type Verdict } from './tally.ts'
import { createUnderWay } from './under-way.ts'

/** One sample that has its place. Told exactly once, whatever is called. */
export interface Opened {
  readonly hold: Hold
  /** Runs it; what becomes of it is told. */
  run(taken: Taken): void
  /** Ends it without asking anybody. */
  conclude(sample: Sample, verdict: Verdict): void
  /** What the work returns; null: it threw, which ended the sample and went no further. */
  attempt<T>(sample: Sample, work: () => T): T | null
}

/** Hears of samples by the ids of their requests. Never throws. */
export interface SampleWitness {
  /** It has its place: `ended` follows. */
  opened(sample: Sample): void
  ended(sample: Sample, concluded: Concluded): void
}

/** How long the end may wait for what is under way; `hurry` cuts it short. */
export interface Grace {
  readonly ms: number
  readonly hurry: AbortSignal | null
}

export interface Shadows {
  readonly sampler: Sampler
  readonly budget: ShadowBudget
  readonly ledgers: NoiseLedgers
  /** Where writes have differed, whatever from. */
  readonly writeLedgers: NoiseLedgers
  /** Hears of errors of our own. */
  readonly guard: (error: unknown) => void
  /** How often legacy may be asked for comparisons of this route. */
  repeatsOf(route: string): RepeatBudget
  /** Tells of a sample that nobody is asked for. */
  tell(sample: Sample, verdict: Verdict): void
  /** Takes a place. Null: there is none, which has been told. `over` is called at its end. */
  open(sample: Sample, over: () => void): Opened | null
  /** Samples that are not told yet. */
  inFlight(): number
  /** Forgets every route but these. */
  keep(routes: ReadonlySet<string>): void
  /** Lets what is open come to its end; what is left when time is up is told as shed. */
  close(grace: Grace): Promise<void>
}

export interface ShadowsOptions extends RunParts {
  readonly sampler: Sampler
  readonly budget: ShadowBudget
  readonly tell: Tell
  readonly witness?: SampleWitness
  /** Hears of errors of our own. */
  readonly guard: (error: unknown) => void
}

const without = (sample: Sample, verdict: Verdict): Concluded => ({
  tally: tallyOf(sample, verdict, noSides),
  exemplar: null,
})

/** The samples under way, each of which is told once and gives back what it holds. */
const createOpenSamples = ({ tell, sampler, guard, witness, ...parts }: ShadowsOptions) => {
  const run = createRun(parts)
  /** What ends each of them as it is. */
  const open = createUnderWay<(verdict: Verdict) => void>()
  const idle: (() => void)[] = []

  const say = ({ tally, exemplar }: Concluded): void => {
    try {
      sampler.hear(tally)
      tell(tally, exemplar)
    } catch (error) {
      guard(error)
    }
  }
  const runGuarded = async (taken: Taken): Promise<Concluded> => {
    try {
      return await run(taken)
    } catch (error) {
      guard(error)
      return without(taken.sample, inconclusive('compare_failed'))
    }
  }
  return {
    say,
    size: open.size,
    open(draft: Sample, hold: Hold, over: () => void): Opened {
      const endDraft = (verdict: Verdict): void => end(without(draft, verdict))
      const end = (concluded: Concluded): void => {
        if (!leave()) return
        hold.end()
        say(concluded)
        witness?.ended(draft, concluded)
        over()
        if (open.size() === 0) for (const tellIdle of idle.splice(0)) tellIdle()
      }
      const leave = open.add(endDraft)
      witness?.opened(draft)
      return {
        hold,
        conclude: (sample, verdict) => end(without(sample, verdict)),
        attempt(sample, work) {
          try {
            return work()
          } catch (error) {
            guard(error)
            end(without(sample, inconclusive('compare_failed')))
            return null
          }
        },
        run(taken) {
          void runGuarded(taken).then(end)
        },
      }
    },
    /** Resolves once there are none, or time is up. */
    async idle({ ms, hurry }: Grace): Promise<void> {
      if (open.size() === 0 || ms === 0 || hurry?.aborted === true) return
      const over = new AbortController()
      idle.push(() => over.abort())
      const signal = AbortSignal.any([over.signal, ...(hurry === null ? [] : [hurry])])
      await setTimeout(ms, undefined, { signal }).catch(() => {})
    },
    endAll(verdict: Verdict): void {
      for (const end of open.values()) end(verdict)
    },
  }
}

export const createShadows = (options: ShadowsOptions): Shadows => {
  const { sampler, budget, turns, now } = options
  const samples = createOpenSamples(options)
  const repeats = new Map<string, RepeatBudget>()
  const ledgers = createNoiseLedgers()
  const writeLedgers = createNoiseLedgers()
  let isClosed = false

  const refusal = (hold: Hold): ShedReason | null => {
    const why = isClosed ? 'shutdown' : options.refusal()
    if (why !== null) return why
    if (budget.isFull()) return 'memory'
    return hold.enter() ? null : 'queue_full'
  }
  return {
    sampler,
    budget,
    ledgers,
    writeLedgers,
    guard: options.guard,
    repeatsOf(route) {
      const known = repeats.get(route) ?? createRepeatBudget(now)
      repeats.set(route, known)
      return known
    },
    tell: (sample, verdict) => samples.say(without(sample, verdict)),
    open(sample, over) {
      const hold = budget.hold()
      const why = refusal(hold)
      if (why === null) return samples.open(sample, hold, over)
      samples.say(without(sample, shed(why)))
      over()
      return null
    },
    inFlight: samples.size,
    keep(routes) {
      sampler.keep(routes)
      ledgers.keep(routes)
      writeLedgers.keep(routes)
      for (const id of repeats.keys()) if (!routes.has(id)) repeats.delete(id)
    },
    async close(grace) {
      if (isClosed) return
      isClosed = true
      await samples.idle(grace)
      turns.close()
      samples.endAll(shed('shutdown'))
    },
  }
}
