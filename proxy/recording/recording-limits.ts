/** The most that one recording may take: docs/reference/recordings.md carries them. */
export const recordingLimits: Readonly<Record<'forMs' | 'exchanges' | 'bytes', number>> = {
  forMs: 24 * 3_600_000,
  exchanges: 1_000_000,
  bytes: 4 * 1_024 ** 3,
}
