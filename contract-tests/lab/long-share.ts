/**
 * How much of a long test to run, 0..1: `BANYAN_LONG_SHARE`, default all of it. CI has a time limit
 * and runs a tenth on every change; the whole is for a night, or before a release.
 */
const share = Number(process.env.BANYAN_LONG_SHARE ?? 1)

/** @throws RangeError where the share is none */
export const scaled = (count: number): number => {
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(`BANYAN_LONG_SHARE is ${process.env.BANYAN_LONG_SHARE}: write 0.1, or 1`)
  }
  return Math.ceil(count * share)
}
