/** Times as every side writes them into the database: `YYYY-MM-DD HH:MM:SS`, UTC. */

/** @param ms since 1970; what is less than a second is dropped */
export const databaseTime = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

/** A time of the database as ISO 8601 with milliseconds, which the database does not have. */
export const presentTime = (time: string): string => `${time.replace(' ', 'T')}.000Z`
