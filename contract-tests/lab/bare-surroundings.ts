import type { Surroundings } from './banyan.ts'

/** For a Banyan whose config names its own upstreams: a directory and nothing else. */
export const bareSurroundings = (dir: string): Surroundings => {
  const nowhere = { url: 'http://127.0.0.1:9' }
  return {
    dir,
    jwtSecret: 'not used',
    database: { url: 'sqlite::memory:' },
    php: nowhere,
    ruby: nowhere,
  }
}
