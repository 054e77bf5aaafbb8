/** What is said nearer goes before what is said above it. Pure. */
import type { Part } from './written.ts'

export type Tree = Readonly<Record<string, unknown>>

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const mergeTrees = (base: Tree, over: Tree): Tree => {
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key]
    merged[key] = isTree(below) && isTree(value) ? mergeTrees(below, value) : value
  }
  return merged
}

/** Maps merge, everything else replaces. Without anything over it the base itself is returned. */
export const merge = <T extends object>(base: T, over: NoInfer<Part<T>> | undefined): T =>
  over === undefined || Object.keys(over).length === 0
    ? base
    : (mergeTrees(base as Tree, over as Tree) as T)
