/** How something goes on until it fails. */
export interface Ending {
  /** Rejects once it is over. Nobody has to hear of it. */
  readonly ended: Promise<never>
  /** What comes after the first is not heard. */
  fail(error: unknown): void
}

export const createEnding = (): Ending => {
  let fail: Ending['fail'] = () => {}
  const ended = new Promise<never>((_, reject) => {
    fail = reject
  })
  ended.catch(() => {})
  return { ended, fail: (error) => fail(error) }
}
