/** Texts that are written where there is nothing to write. */
export const standIns: ReadonlySet<string> = new Set([
  '',
  'undefined',
  'null',
  'NaN',
  '[object Object]',
  'Invalid Date',
])
