/** How the shadows of a route stand before their database. Pure. */
import type { Route } from '../../config/config.ts'
import type { WritesTerms } from './report.ts'

/** Whether handlers may be asked in the shadows for what the route writes. */
export const guardsWrites = ({ effects, writes = 'off', modern }: Route): boolean =>
  effects !== null && writes !== 'off' && modern === 'handlers'

export const watchKind = ({ effects, writes = 'off' }: Route): WritesTerms['kind'] =>
  effects === 'read' || writes === 'off' ? 'read' : writes
