/** What the world asks of a process that serves. */

export interface SignalHandlers {
  /** SIGHUP: read the config anew. */
  readonly reload: () => void
  /** SIGUSR2: begin anew without a gap; absent: the system's own answer, which is an end. */
  readonly restart?: () => void
  /** SIGTERM or SIGINT; the second one means at once. */
  readonly end: () => void
  /** A fault that nobody caught: the process cannot be trusted any more. */
  readonly crash: (error: unknown) => void
}

/** Hears until the returned function is called. */
export const hearSignals = ({ reload, restart, end, crash }: SignalHandlers): (() => void) => {
  const heard: readonly (readonly [string, (...about: unknown[]) => void])[] = [
    ['SIGHUP', () => reload()],
    ...(restart === undefined ? [] : [['SIGUSR2', () => restart()] as const]),
    ['SIGTERM', () => end()],
    ['SIGINT', () => end()],
    // Unhandled rejections come here too: Node makes them exceptions.
    ['uncaughtException', (error) => crash(error)],
  ]
  for (const [event, hear] of heard) process.on(event, hear)
  return () => {
    for (const [event, hear] of heard) process.removeListener(event, hear)
  }
}
