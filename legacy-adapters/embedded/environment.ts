/** What a host needs from its environment; a message for people where it is missing. */
export const required = (name: string): string => {
  const value = process.env[name]
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: an embedded legacy is started by contract-tests/lab`)
  }
  return value
}

/** PORT, or 0: the kernel chooses. */
export const wantedPort = (): number => Number(process.env.PORT ?? 0)
