/** The gates that stand without being configured, and those of a config beside them. */
import type { Config } from '../config/config.ts'
import type { Gate } from '../config/cutover-config.ts'

const common = {
  ...{ confidenceBp: 9_900, minEvents: 5, minKeys: 3, minHours: 0, maxUnjudgedBp: 100 },
} as const

// biome-ignore format: a table reads best as a table
export const builtInGates: Readonly<Record<string, Gate>> = {
  parity:      { ...common, signal: 'shadow.mismatch',   limitBp: 10,   tolerance: null, minSamples: 5_000 },
  regressions: { ...common, signal: 'shadow.regression', limitBp: 10,   tolerance: null, minSamples: 1_000 },
  errors:      { ...common, signal: 'canary.errors',     limitBp: null, tolerance: 1.25, minSamples: 1_000 },
  latency:     { ...common, signal: 'canary.slow',       limitBp: null, tolerance: 1.5,  minSamples: 1_000 },
}

/** Every gate by its name; one of the config replaces a built-in one. */
export const gatesOf = ({ gates = {} }: Pick<Config, 'gates'>): Readonly<Record<string, Gate>> => ({
  ...builtInGates,
  ...gates,
})
