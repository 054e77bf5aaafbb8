/** Whether the system said no, of a port or a file; anything else is the config's to answer for. */
export const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && ('syscall' in error || isOfSystem(error.cause))
