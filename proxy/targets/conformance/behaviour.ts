import assert from 'node:assert/strict'
import type { Target } from '../../stage.ts'
import { isFailure } from '../failure.ts'
import type { Script } from '../scripted.ts'
import type { Failure, InboundRequest, Outlook, Send, TargetResponse } from '../send.ts'
import { createOutlook, inbound } from './exchange.ts'

/** What some kinds of target cannot do by nature. */
export type Ability =
  /** Holds a small answer that is complete at once as `whole`. */
  | 'whole'
  /** Leaves an upload unopened that the target's code does not read. */
  | 'lazyUpload'

/** Makes what is under test, behaving as the script says. */
export interface SendMaker {
  readonly from: Target
  readonly cannot: readonly Ability[]
  make(script: Script): Promise<{ readonly send: Send; close(): Promise<void> }>
}

/** One maker in one test: sends, and closes afterwards whatever was made. */
export interface Lab {
  readonly from: Target
  /** Sends one request to a target that behaves as the script says. */
  send(
    script: Script,
    request?: Partial<InboundRequest>,
    outlook?: Outlook,
  ): Promise<TargetResponse>
  /** Makes a target for more than one request. */
  make(script: Script): Promise<Send>
}

export interface Behaviour {
  /** A present-tense sentence. */
  readonly title: string
  readonly needs?: Ability
  readonly holds: (lab: Lab) => Promise<void>
}

/** The failure that an attempt rejects with; fails where it settles or rejects with anything else. */
export const refused = async (attempt: Promise<TargetResponse>): Promise<Failure> => {
  const outcome = await attempt.then(
    () => null,
    (error: unknown) => ({ error }),
  )
  assert.ok(outcome !== null, 'the attempt must not have an answer')
  assert.ok(isFailure(outcome.error), `not a Failure: ${String(outcome.error)}`)
  return outcome.error
}

/** A lab that remembers what it made. */
export const createLab = (maker: SendMaker): Lab & { close(): Promise<void> } => {
  const made: Array<() => Promise<void>> = []
  const make = async (script: Script): Promise<Send> => {
    const { send, close } = await maker.make(script)
    made.push(close)
    return send
  }
  return {
    from: maker.from,
    make,
    send: async (script, request = {}, outlook = createOutlook()) =>
      (await make(script))(inbound(request), outlook),
    async close() {
      for (const close of made) await close()
    },
  }
}
