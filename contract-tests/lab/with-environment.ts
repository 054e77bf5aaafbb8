/** Sets variables of this process, and so of all that it starts, for the tests of a suite. */
export const withEnvironment = (changes: Readonly<Record<string, string>>): void => {
  const found = new Map<string, string | undefined>()
  before(() => {
    for (const [name, value] of Object.entries(changes)) {
      found.set(name, process.env[name])
      process.env[name] = value
    }
  })
  after(() => {
    for (const [name, value] of found) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })
}
