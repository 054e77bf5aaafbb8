/** Who may ask which target now: so many at once, in the order in which they came. */

export interface Turns {
  /**
   * Resolves once there is room at what is named: true, to be followed by `leave`; false when all is
   * over.
   *
   * @param places how many may ask it at once
   * @param isUrgent before those that wait already: something half done is to be completed
   */
  enter(name: string, places: number, isUrgent: boolean): Promise<boolean>
  leave(name: string): void
  /** How many ask at present. */
  running(): number
  /** Sends everybody home who waits; nobody enters any more. */
  close(): void
}

interface Door {
  running: number
  readonly waiting: ((isIn: boolean) => void)[]
}

export const createTurns = (): Turns => {
  const doors = new Map<string, Door>()
  let isClosed = false
  const doorOf = (name: string): Door => {
    const known = doors.get(name)
    if (known !== undefined) return known
    const made: Door = { running: 0, waiting: [] }
    doors.set(name, made)
    return made
  }
  return {
    async enter(name, places, isUrgent) {
      if (isClosed) return false
      const door = doorOf(name)
      if (door.running < places) {
        door.running += 1
        return true
      }
      return new Promise((resolve) => {
        if (isUrgent) door.waiting.unshift(resolve)
        else door.waiting.push(resolve)
      })
    },
    leave(name) {
      const door = doorOf(name)
      const next = door.waiting.shift()
      // Whoever comes next takes the place over.
      if (next !== undefined) return next(true)
      door.running -= 1
    },
    running: () => [...doors.values()].reduce((sum, { running }) => sum + running, 0),
    close() {
      isClosed = true
      for (const { waiting } of doors.values()) for (const go of waiting.splice(0)) go(false)
    },
  }
}
