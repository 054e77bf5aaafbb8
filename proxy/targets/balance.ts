/** Which address is next. Every kind of balancing is a function like this one. */
export const createRoundRobin = <Item>(items: readonly Item[]): (() => Item) => {
  let next = 0
  return () => {
    const item = items[next % items.length] as Item
    next = (next + 1) % items.length
    return item
  }
}
