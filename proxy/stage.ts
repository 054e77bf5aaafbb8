/**
 * The stages a route passes on its way from legacy to modern, and what each does to traffic.
 * A table: nothing else in the engine branches on the name of a stage.
 */

/** Whose code answers. The other axis, whose answer counts, is the role: primary or shadow. */
export type Target = 'legacy' | 'modern'

/** In the order of promotion. */
export const stages = ['legacy', 'shadow', 'canary', 'modern', 'retired'] as const
export type Stage = (typeof stages)[number]

export interface Plan {
  /** Who answers the client; `split`: modern for the route's `weight` of callers, else legacy. */
  readonly primary: Target | 'split'
  /** Who may answer when the primary did not; only ever used where the route's effects allow it. */
  readonly fallback: Target | null
  /** Who is asked as well, only to be compared; `other`: whichever is not the primary. */
  readonly shadow: 'modern' | 'other' | null
  /** Shadow only routes whose effects are `read`, whatever the route's `writes` say. */
  readonly shadowReadsOnly: boolean
  /** Share of requests to shadow when the route does not say, in basis points (0..10000). */
  readonly sampleBp: number
  /** Where a handler runs when the route does not say: a young one away from the edge. */
  readonly run: 'inline' | 'lane'
}

// biome-ignore format: a table reads best as a table
export const plans: Readonly<Record<Stage, Plan>> = {
  legacy:  { primary: 'legacy', fallback: null,     shadow: null,     shadowReadsOnly: false, sampleBp: 0,      run: 'inline' },
  shadow:  { primary: 'legacy', fallback: null,     shadow: 'modern', shadowReadsOnly: false, sampleBp: 10_000, run: 'inline' },
  canary:  { primary: 'split',  fallback: 'legacy', shadow: 'other',  shadowReadsOnly: true,  sampleBp: 1_000,  run: 'lane' },
  // A little reverse shadow keeps the way back proven for as long as legacy still stands.
  modern:  { primary: 'modern', fallback: 'legacy', shadow: 'other',  shadowReadsOnly: true,  sampleBp: 50,     run: 'inline' },
  retired: { primary: 'modern', fallback: null,     shadow: null,     shadowReadsOnly: false, sampleBp: 0,      run: 'inline' },
}

export const otherTarget = (target: Target): Target => (target === 'legacy' ? 'modern' : 'legacy')
