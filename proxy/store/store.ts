/**
 * What outlives the process, and is shared by a fleet. Never on the way of a client's data: whatever
 * fails here is counted, and everything else goes on without it.
 */
import type { Evidence } from '../cutover/evidence.ts'
import type { Exemplar } from '../shadow/finding.ts'

export interface ExemplarQuery {
  readonly route?: string
  readonly outcome?: Exemplar['outcome']
  /** Only those in which this place differs. */
  readonly pattern?: string
  /** Default 20, at most 500. */
  readonly limit?: number
}

/** Why the store does not work now; null: it does. */
export interface StoreStatus {
  readonly url: string
  readonly problem: string | null
  /** Writes that were dropped because the store was slow, full or away. */
  readonly dropped: number
}

export interface Store {
  /**
   * Puts the evidence of this instance in place of what it said before. Queued: returns at once and
   * never throws.
   */
  putEvidence(evidence: Evidence): void
  /** Likewise; keeps a bounded number for each route and outcome, the confirmed ones longest. */
  putExemplar(exemplar: Exemplar): void
  /** Of every instance, unmerged. Rejects with an Error for the operator. */
  readEvidence(route?: string): Promise<readonly Evidence[]>
  /** Newest first. Rejects likewise. */
  findExemplars(query: ExemplarQuery): Promise<readonly Exemplar[]>
  /** The newest, of every route where none is named; null: there is none of this id. Rejects likewise. */
  getExemplar(id: string, route?: string): Promise<Exemplar | null>
  status(): StoreStatus
  /** Writes what is queued, within two seconds, and lets go. Never rejects. */
  close(): Promise<void>
}
