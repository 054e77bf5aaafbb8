/** Finds what stands at a key of the reference, such as `routes.ID.compare`, in a file. Pure. */
import type { Path } from '../yaml.ts'

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []

const placeholders: readonly string[] = ['NAME', 'ID']

/** Every path of a file that the steps lead to, and what stands there. */
export const reach = (
  value: unknown,
  steps: readonly string[],
  above: Path = [],
): [Path, unknown][] => {
  const [step, ...rest] = steps
  if (step === undefined) return [[above, value]]
  return entriesOf(value)
    .filter(([key]) => key === step || placeholders.includes(step))
    .flatMap(([key, inner]) => reach(inner, rest, [...above, key]))
}
