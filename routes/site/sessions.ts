/**
 * The sessions that pages share with the legacy, as whoever can read them hands them in. While both
 * sides answer, the legacy's sessions are the only ones: who signed in there is signed in here.
 */

/** By name, as the legacy wrote it. Plain data: texts, numbers, booleans, null, lists, records. */
export type SessionValues = Readonly<Record<string, unknown>>

/** A session, held by one request. */
export interface Session {
  /** As they were when it was opened. The pages read `user_id`, `csrf` and `flash`. */
  readonly values: SessionValues
  /** The `Set-Cookie` value that names a session that is new; null: the client has it already. */
  readonly setCookie: string | null
  /**
   * Writes these values, removes those that are null, leaves all others as they stand, and lets the
   * next request have the session. Called once, however the request ends, before its answer is sent.
   */
  close(changes: SessionValues): Promise<void>
}

/**
 * Finds sessions. One request at a time has a session, as under PHP's lock: `open` waits for the one
 * before. Where answers are only compared (`role: 'shadow'`), hand in a reader that neither waits
 * nor writes.
 */
export interface SessionReader {
  /**
   * The session that a `Cookie` header names; a new one where it names none that exists. Rejects
   * when sessions cannot be read: the page is then answered with 500.
   *
   * @param cookie the whole header as it came; empty when there was none
   */
  open(cookie: string): Promise<Session>
}
