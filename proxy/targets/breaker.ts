/**
 * Breakers: they count how calls end, and say when a target should be passed over. They never stand
 * in the way of a call: see docs/adr/0006-breakers-divert-and-never-refuse.md.
 */
import { EventEmitter } from 'node:events'
import CircuitBreaker from 'opossum'
import type { BreakerConfig } from '../config/config.ts'
import type { BreakerClock } from './breaker-clock.ts'
import { buckets, createSlowWindow, createTrial } from './breaker-counts.ts'
import { createRecovery, type RecoveryIo } from './breaker-recovery.ts'
import type { CallResult, ResultReader } from './call-result.ts'
import { asFailure } from './failure.ts'
import type { Send } from './send.ts'

/** `closed`: traffic flows. `open`: diverting (blocking, where there is a fallback). `halfOpen`: on trial. */
export type BreakerState = 'closed' | 'open' | 'halfOpen'

export interface BreakerIo extends RecoveryIo {
  /** Shared by all breakers of a process. */
  readonly clock: BreakerClock
  readonly onTransition?: (to: BreakerState) => void
}

/** A call that a breaker has been told of; it belongs to the state it began in. */
export interface BreakerCall {
  readonly era: number
  readonly startedMs: number
}

export interface Breaker {
  state(): BreakerState
  /** Whether a request that has a fallback should take it. Changes nothing. */
  blocks(): boolean
  begin(): BreakerCall
  /**
   * Once for every `begin`, at the head. What began in an earlier state says nothing of this one.
   *
   * @param isTimed false where the time it took was not the target's; default true
   */
  record(call: BreakerCall, result: CallResult, isTimed?: boolean): void
  /** An answer that had been taken for good broke off after its head. */
  recordLate(): void
  /** Stops all timers; from then on it is closed and counts nothing. */
  close(): void
}

/** Opossum compares with `>`; a rate is meant to include itself. */
const justBelow = (bp: number): number => bp / 100 - 0.001

/** Opossum's counts and state, fed with calls that are already over. */
const createCircuit = (config: BreakerConfig, rotate: EventEmitter) => {
  const failed = new Error('a call failed')
  const options: CircuitBreaker.Options<[]> = {
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
    rotateBucketController: rotate,
    rollingCountTimeout: config.windowMs,
    rollingCountBuckets: buckets,
    volumeThreshold: config.minimumCalls,
    errorThresholdPercentage: justBelow(config.failureRateBp),
    resetTimeout: config.resetAfterMs,
  }
  const circuit = new CircuitBreaker<[], void>(() => Promise.reject(failed), options)
  const ignore = (): void => {}
  return {
    circuit,
    /** Told as opossum tells itself of a call that passed, but for its promises. */
    pass(): void {
      circuit.emit('fire')
      circuit.emit('success')
    },
    fail: (): void => void circuit.fire().catch(ignore),
    /** Read anew by opossum whenever it opens. */
    setReset: (ms: number) => {
      options.resetTimeout = ms
    },
  }
}

const stateOf = ({ opened, halfOpen }: CircuitBreaker): BreakerState => {
  if (opened) return 'open'
  return halfOpen ? 'halfOpen' : 'closed'
}

const conclude = (circuit: CircuitBreaker, trial: 'passed' | 'failed' | null): void => {
  if (trial === 'failed') circuit.open()
  if (trial === 'passed') circuit.close()
}

export const createBreaker = (config: BreakerConfig, io: BreakerIo): Breaker => {
  const rotate = new EventEmitter()
  const { circuit, pass, fail, setReset } = createCircuit(config, rotate)
  const recovery = createRecovery(config, io, setReset)
  const slow = createSlowWindow(config)
  let trial = createTrial(config)
  let era = 0
  const turn = (): void => {
    rotate.emit('rotate')
    slow.rotate()
  }
  const enter = (to: BreakerState) => {
    era++
    io.onTransition?.(to)
  }
  circuit.on('open', () => {
    recovery.opened()
    enter('open')
  })
  circuit.on('halfOpen', () => {
    trial = createTrial(config)
    enter('halfOpen')
  })
  circuit.on('close', () => {
    recovery.closed()
    // What was counted before it opened must not open it again.
    for (let each = 0; each < buckets; each++) turn()
    enter('closed')
  })
  const countClosed = (result: CallResult, tookMs: number): void => {
    recovery.settle()
    if (result === 'failed') fail()
    else pass()
    if (slow.count(tookMs)) circuit.open()
  }
  const stopTurning = io.clock.every(Math.max(1, Math.floor(config.windowMs / buckets)), turn)

  return {
    state: () => stateOf(circuit),
    blocks() {
      if (circuit.opened) return true
      return circuit.halfOpen ? trial.isFull() : recovery.holdsBack()
    },
    begin() {
      if (circuit.halfOpen) trial.begin()
      return { era, startedMs: io.now() }
    },
    record(call, result, isTimed = true) {
      if (call.era !== era || circuit.isShutdown) return
      const tookMs = isTimed ? io.now() - call.startedMs : 0
      if (circuit.halfOpen) conclude(circuit, trial.record(result, tookMs))
      else if (circuit.closed && result !== 'neutral') countClosed(result, tookMs)
    },
    recordLate() {
      if (circuit.closed) fail()
    },
    close() {
      stopTurning()
      circuit.shutdown()
    },
  }
}

/** Tells a breaker how every call of a `Send` ends. What the breaker thinks changes no call. */
export const withBreaker =
  (send: Send, breaker: Breaker, reader: ResultReader): Send =>
  async (request, outlook) => {
    const call = breaker.begin()
    // How long an upload takes is the client's doing.
    const isTimed = request.body === null || request.body.whole !== null
    try {
      const answer = await send(request, outlook)
      breaker.record(call, reader.answer(answer), isTimed)
      return answer
    } catch (error) {
      breaker.record(call, reader.failure(asFailure(error)), isTimed)
      throw error
    }
  }
