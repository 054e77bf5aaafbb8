/**
 * Finds many texts in another one at once, in time that grows with its length alone, however alike
 * they are (Aho and Corasick, 1975). Pure.
 */

/** From the first character to the one after the last. */
export interface Span {
  readonly from: number
  readonly to: number
}

interface Node {
  readonly parent: number
  readonly code: number
  readonly depth: number
  /** Of the longest end of what was read that begins a text, too. */
  fallback: number
  /** Length of the longest text that ends here; 0: none. */
  longest: number
}

const codes = 65_536
/** The characters of all texts together, but those of beginnings that they share. */
const mostNodes = 131_072

const root = (): Node => ({ parent: 0, code: 0, depth: 0, fallback: 0, longest: 0 })

/** Null: they are too many. */
const createTrie = (texts: Iterable<string>) => {
  const children = new Map<number, number>()
  const nodes: Node[] = [root()]
  const at = (node: number): Node => nodes[node] ?? root()
  const grow = (parent: number, code: number): number => {
    const known = children.get(parent * codes + code)
    if (known !== undefined) return known
    children.set(parent * codes + code, nodes.length)
    return nodes.push({ ...root(), parent, code, depth: at(parent).depth + 1 }) - 1
  }
  for (const text of texts) {
    if (nodes.length + text.length > mostNodes) return null
    let node = 0
    for (let index = 0; index < text.length; index++) node = grow(node, text.charCodeAt(index))
    at(node).longest = text.length
  }
  return { children, nodes, at }
}

type Trie = NonNullable<ReturnType<typeof createTrie>>

const createSteps = ({ children, nodes, at }: Trie) => {
  const step = (from: number, code: number): number => {
    for (let node = from; ; node = at(node).fallback) {
      const next = children.get(node * codes + code)
      if (next !== undefined) return next
      if (node === 0) return 0
    }
  }
  /** What a node falls back to is nearer to the root, and so known before it. */
  for (const node of nodes.toSorted((a, b) => a.depth - b.depth)) {
    const { depth, parent, code } = node
    if (depth > 1) node.fallback = step(at(parent).fallback, code)
    if (node.longest === 0) node.longest = at(node.fallback).longest
  }
  return { step, longestAt: (node: number): number => at(node).longest }
}

/** The places of any of the texts, in order; those that overlap are one. */
export type TextSearch = (text: string) => readonly Span[]

/** Null: they are too many to be looked for. */
export const createTextSearch = (texts: Iterable<string>): TextSearch | null => {
  const trie = createTrie(texts)
  if (trie === null) return null
  const { step, longestAt } = createSteps(trie)
  return (text) => {
    const spans: Span[] = []
    let node = 0
    for (let index = 0; index < text.length; index++) {
      node = step(node, text.charCodeAt(index))
      const longest = longestAt(node)
      if (longest === 0) continue
      const to = index + 1
      let from = to - longest
      for (let last = spans.at(-1); last !== undefined && last.to > from; last = spans.at(-1)) {
        from = Math.min(from, last.from)
        spans.pop()
      }
      spans.push({ from, to })
    }
    return spans
  }
}
