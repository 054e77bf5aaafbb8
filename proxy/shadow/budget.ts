/** What all shadows of a process may hold together: places in the queue, and bytes of bodies. */

export interface Hold {
  /** Takes a place; true as well where it has one. False: none is free. */
  enter(): boolean
  /** Gives the place back, and keeps the bytes. */
  leave(): void
  /** False: there is no room for so many bytes, and none are taken. */
  take(bytes: number): boolean
  give(bytes: number): void
  /** Gives everything back. What comes after it takes nothing: a body may still flow for a moment. */
  end(): void
}

export interface ShadowBudget {
  hold(): Hold
  /** Whether not a byte more can be kept. */
  isFull(): boolean
  /** Places that are taken. */
  readonly waiting: number
  readonly bytes: number
}

export interface BudgetLimits {
  readonly queue: number
  readonly memoryBytes: number
}

export const createShadowBudget = ({ queue, memoryBytes }: BudgetLimits): ShadowBudget => {
  let waiting = 0
  let bytes = 0
  return {
    isFull: () => bytes >= memoryBytes,
    get waiting() {
      return waiting
    },
    get bytes() {
      return bytes
    },
    hold() {
      let hasPlace = false
      let held = 0
      let isOver = false
      const leave = (): void => {
        if (hasPlace) waiting -= 1
        hasPlace = false
      }
      const give = (count: number): void => {
        if (isOver) return
        held -= count
        bytes -= count
      }
      return {
        enter() {
          if (hasPlace) return true
          if (isOver || waiting >= queue) return false
          waiting += 1
          hasPlace = true
          return true
        },
        leave,
        take(count) {
          if (isOver || bytes + count > memoryBytes) return false
          held += count
          bytes += count
          return true
        },
        give,
        end() {
          leave()
          give(held)
          isOver = true
        },
      }
    },
  }
}
