/** A request with what must hold, as data: the same one is put to legacy, to modern, and through. */

/** What a client saw; JSON parsed where the answer says that it is JSON. */
export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly json: unknown
}

export interface Scenario {
  /** Id of the route that it belongs to. */
  readonly route: string
  /** A sentence in the present. */
  readonly title: string
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  /** May name facts of the world in braces: `{slug}`. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, or as it stands when it is text. */
  readonly body?: unknown
  /** Whose token to send; `jake` is the demo user. */
  readonly as?: 'jake' | 'nobody'
  readonly status: number
  /** Throws an AssertionError when the answer is wrong. */
  readonly holds?: (answer: Answer) => void
  /** Keys of lists that come in no defined order; compared as multisets. */
  readonly unordered?: readonly string[]
  /** Keys whose values two answers need not share: a token names when it was made. */
  readonly differs?: readonly string[]
}
