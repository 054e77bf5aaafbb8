/**
 * Records what clients ask and get, while somebody listens. Never on the way of their data: what it
 * has no room or no time for is dropped and counted.
 */
import type { StoredDetail } from '../config/shadow-config.ts'
import type { Decision } from '../routing/choose.ts'
import type { Reservation } from '../serve.ts'
import { createShadowBudget, type Hold, type ShadowBudget } from '../shadow/budget.ts'
import type { Comparer } from '../shadow/comparer.ts'
import type { Concluded } from '../shadow/run.ts'
import type { SampleWitness } from '../shadow/shadows.ts'
import { shadowMark } from '../targets/forwarded.ts'
import { rawHeader } from '../targets/raw-header.ts'
import type { InboundRequest } from '../targets/send.ts'
import { nameRules } from './name-rules.ts'
import { type RecordedConfig, watchPassing } from './passing.ts'
import type { Draft, RecordingEnding } from './recorded.ts'
import {
  createRecording,
  type Recording,
  type RecordingOrder,
  type RecordingSink,
} from './recording.ts'
import { keyName } from './redact-recorded.ts'

export interface Recorder {
  readonly witness: SampleWitness
  /** What may be kept of exchanges; `none` and `paths` hold no value, and so nothing is recorded. */
  readonly level: StoredDetail
  /** Begins; false: somebody records already, or nothing may be recorded. */
  start(order: RecordingOrder, to: RecordingSink, revision: string): boolean
  /** Ends it as soon as what is under way is written; false: there is none. */
  stop(why: RecordingEnding): boolean
  /** What is recorded now; null: nothing. */
  current(): Pick<Recording, 'order' | 'counts' | 'leftMs'> | null
  /** Null: this request is not recorded. */
  reserve(config: RecordedConfig, decision: Decision, request: InboundRequest): Reservation | null
  close(): void
}

export interface RecorderOptions {
  readonly comparer: Pick<Comparer, 'record'>
  /** Of the tokens. */
  readonly key: Uint8Array
  /** Of the config: `shadow.store`. */
  readonly level: StoredDetail
  /** A longer body is left out. */
  readonly bodyLimitBytes: number
  /** Unix milliseconds. */
  readonly wallNow: () => number
  /** Hears of each exchange that was written or dropped. */
  readonly count: (result: 'recorded' | 'dropped') => void
  readonly onEnd: (recording: Pick<Recording, 'counts'>, why: RecordingEnding) => void
}

/** Exchanges under way that are recorded at once, and what their bodies may take. */
const roomOf = (): ShadowBudget => createShadowBudget({ queue: 1_024, memoryBytes: 32 * 1_048_576 })

/** One exchange that is recorded, as long as it is under way. */
interface Open {
  readonly recording: Recording
  readonly hold: Hold
  /** What its shadow came to; `waiting`: it is under way; `none`: there is none. */
  shadow: 'none' | 'waiting' | Concluded
  draft: Draft | null
}

const comparedOf = (shadow: Open['shadow']): Draft['compared'] => {
  if (typeof shadow === 'string') return null
  const { tally, from } = shadow
  const { epoch, primary, outcome, reason, confirmed, places, discordant } = tally
  const { sandwich, rules, noise = [], writes = [], isChosen = false } = from ?? {}
  return {
    ...{ epoch, primary, outcome, reason, confirmed, places, discordant },
    ...{ noise, writes, isChosen, rules: rules === undefined ? null : nameRules(rules) },
    shadow: sandwich?.[primary === 'legacy' ? 'modern' : 'legacy'] ?? null,
    legacyAgain: sandwich?.legacyAgain ?? null,
    modernAgain: sandwich?.modernAgain ?? null,
  }
}

/** A client may give several requests one id. */
const keyOf = ({ id, receivedMs }: Pick<InboundRequest, 'id' | 'receivedMs'>): string =>
  `${id} ${receivedMs}`

/** The exchanges under way that are recorded. */
const createOpenExchanges = ({ comparer, count }: Pick<RecorderOptions, 'comparer' | 'count'>) => {
  const open = new Map<string, Open>()

  const write = async (key: string, one: Open): Promise<void> => {
    open.delete(key)
    const { recording, draft, hold, shadow } = one
    if (draft === null) return
    const made = await comparer.record({ ...draft, compared: comparedOf(shadow) })
    hold.end()
    count(recording.take(typeof made === 'string' ? null : made.text) ? 'recorded' : 'dropped')
  }
  const witness: SampleWitness = {
    opened(sample) {
      const one = open.get(keyOf(sample))
      if (one !== undefined) one.shadow = 'waiting'
    },
    ended(sample, concluded) {
      const one = open.get(keyOf(sample))
      if (one === undefined) return
      one.shadow = concluded
      if (one.draft !== null) void write(keyOf(sample), one)
    },
  }
  return {
    witness,
    /** Returns what is to hear of its end. */
    add(request: InboundRequest, recording: Recording, hold: Hold): (draft: Draft) => void {
      const key = keyOf(request)
      const one: Open = { recording, hold, shadow: 'none', draft: null }
      open.set(key, one)
      return (draft) => {
        if (open.get(key) !== one) return
        one.draft = draft
        if (one.shadow !== 'waiting') void write(key, one)
      }
    },
    forget(recording: Recording): void {
      for (const [key, one] of open) {
        if (one.recording !== recording) continue
        open.delete(key)
        one.hold.end()
      }
    },
  }
}

/** A recording is made of values. */
export const mayRecord = (level: StoredDetail): boolean => level === 'redacted' || level === 'full'

// What a Banyan asks for a comparison is no client's; its own routes begin with a line.
const isClients = ({ route }: Decision, { headers }: InboundRequest): boolean =>
  !route.id.startsWith('_') && rawHeader(headers, shadowMark) === null

export const createRecorder = (options: RecorderOptions): Recorder => {
  const { key, level, bodyLimitBytes, wallNow, count, onEnd } = options
  const exchanges = createOpenExchanges(options)
  let current: Recording | null = null
  let room = roomOf()

  return {
    witness: exchanges.witness,
    level,
    start(order, to, revision) {
      if (current !== null || !mayRecord(level)) return false
      const head = { at: wallNow(), revision, key: keyName(key) }
      const recording = createRecording(order, head, to, (why) => {
        if (current === recording) current = null
        exchanges.forget(recording)
        onEnd(recording, why)
      })
      current = recording
      room = roomOf()
      recording.begin()
      return true
    },
    stop(why) {
      const isRecording = current !== null
      current?.stop(why)
      return isRecording
    },
    current: () => current,
    reserve(config, decision, request) {
      const route = decision.route.id
      if (current === null || !current.wants(route) || !isClients(decision, request)) return null
      const hold = room.hold()
      if (room.isFull() || !hold.enter()) {
        current.drop('memory')
        count('dropped')
        return null
      }
      current.begun()
      const onOver = exchanges.add(request, current, hold)
      const at = wallNow()
      return watchPassing({ config, route, request, hold, bodyLimitBytes, at, onOver })
    },
    close: () => current?.end('shutdown'),
  }
}

/** `reserve` of a snapshot, and beside it what is recorded: each sees all of the exchange. */
export const withRecording =
  (
    recorder: Recorder,
    config: RecordedConfig,
    reserve: (decision: Decision, request: InboundRequest) => Reservation | null,
  ) =>
  (decision: Decision, request: InboundRequest): Reservation | null => {
    const recorded = recorder.reserve(config, decision, request)
    if (recorded === null) return reserve(decision, request)
    const shadow = reserve(decision, recorded.request)
    if (shadow === null) return recorded
    return {
      request: shadow.request,
      standing: shadow.standing ?? null,
      tee: (answer) => recorded.tee(shadow.tee(answer)),
      settle(seen) {
        recorded.settle(seen)
        shadow.settle(seen)
      },
      release: () => shadow.release?.(),
    }
  }
