/** The parts of a route that change what travels between Banyan and an upstream, or spare the way. */

/** A leading text, and what stands in its place. */
export interface Replacement {
  readonly from: string
  readonly to: string
}

/** Header lines that are changed. Names are compared without case and written as given. */
export interface HeaderChanges {
  /** Takes the place of every line of that name. */
  readonly set: Readonly<Record<string, string>>
  /** One line more, whatever is there. */
  readonly add: Readonly<Record<string, string>>
  readonly remove: readonly string[]
}

/** What is changed on the way to an upstream and back. Handlers see and say what clients do. */
export interface Rewriting {
  /** The beginning of the path that the upstream has instead, whole segments; null: none. */
  readonly prefix: Replacement | null
  /**
   * `Location`, `Content-Location`, `Refresh` and `Link` of answers: `auto` turns the upstream's own
   * origin into the client's, and takes `prefix` back; else the first `from` that a URL begins with.
   */
  readonly location: 'auto' | readonly Replacement[] | null
  readonly cookies: {
    /** By lower-case domain without its dot; `*`: any. An empty text takes the attribute out. */
    readonly domain: Readonly<Record<string, string>>
    /** By the beginning of the path; the first that fits. */
    readonly path: Readonly<Record<string, string>>
  }
  readonly request: HeaderChanges
  readonly answer: HeaderChanges
}

/** Banyan's own answer: the client shall ask elsewhere. No target is asked. */
export interface Redirect {
  /** A URL or path, with `{host}`, `{path}` and `{query}` as the client sent them. */
  readonly to: string
  readonly status: 301 | 302 | 303 | 307 | 308
}
