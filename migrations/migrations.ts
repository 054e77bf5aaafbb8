import { legacySchema } from './20260101t0000-legacy-schema.ts'
import { numberRepeatedSlugs } from './20260201t0000-number-repeated-slugs.ts'
import { makeSlugsUnique } from './20260201t0100-make-slugs-unique.ts'
import { addPublishedAt } from './20260301t0000-add-published-at.ts'
import { fillPublishedAtOnce } from './20260301t0100-fill-published-at.ts'
import { requirePublishedAt } from './20260401t0000-require-published-at.ts'
import type { Migration } from './migration.ts'

/** Every migration of this folder, in order. */
export const migrations: readonly Migration[] = [
  legacySchema,
  numberRepeatedSlugs,
  makeSlugsUnique,
  addPublishedAt,
  fillPublishedAtOnce,
  requirePublishedAt,
]
