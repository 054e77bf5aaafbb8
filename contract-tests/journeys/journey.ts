/** Requests that build on one another, as data: whoever answers each of them, the same must hold. */

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/**
 * Texts, also those inside of bodies and of what must hold, may name values in braces: `{run}`
 * tells runs of a journey apart (lower-case letters and digits), the others are kept by steps.
 */
export interface Step {
  /** A sentence in the present. */
  readonly title: string
  /** A method and a path; values are percent-encoded in it. */
  readonly request: `${Method} ${string}`
  /** Name of the value whose token to send. */
  readonly as?: string
  /** Sent as JSON, or as it stands when it is text. */
  readonly body?: unknown
  readonly status: number
  /** What the JSON must hold: of an object these members at least, of a list exactly these items. */
  readonly shows?: unknown
  /** Name → where in the JSON the value to keep lies: `article.slug`. */
  readonly keeps?: Readonly<Record<string, string>>
}

export interface Journey {
  readonly title: string
  readonly steps: readonly Step[]
}
