/**
 * Suites that need what a bare machine lacks. They are left out there, and the run says so at its
 * end; with `BANYAN_TESTS=all`, as in CI, a missing part is a failure.
 */
import type { Probe } from './native.ts'

/** Which Debian packages bring a part. */
const packages = {
  php: 'php-cli php-mysql php-sqlite3 php-mbstring php-xml',
  ruby: 'ruby puma ruby-rack ruby-mysql2',
  mariadb: 'mariadb-server',
  promtool: 'prometheus',
  chromium: 'chromium',
  nginx: 'nginx-light',
  slowhttptest: 'slowhttptest',
} as const

export type Part = keyof typeof packages

/** Suite → why, and how to get it. One list for the whole run: mocha has one process. */
const leftOut = new Map<string, string>()

const tell = (title: string, part: Part, reason: string): void => {
  if (process.env.BANYAN_TESTS === 'all') throw new Error(`${title}: ${reason}`)
  leftOut.set(title, `${reason}; on Debian: apt-get install ${packages[part]}`)
}

/** Describes a suite if every part is there; else leaves it out and remembers why. */
export const describeWith = (
  needs: Readonly<Partial<Record<Part, Probe>>>,
  title: string,
  suite: () => void,
): void => {
  const missing = Object.entries(needs).find(([, probe]) => !probe.found)
  if (missing === undefined) {
    describe(title, suite)
    return
  }
  const [part, probe] = missing as [Part, Probe]
  const reason = probe.found ? '' : probe.missing
  tell(title, part, reason)
  describe.skip(`${title} (left out: ${reason})`, suite)
}

/** Leaves out one test, from inside of it. */
export const leaveOut = (test: Mocha.Context, part: Part, reason: string): never => {
  tell(test.test?.fullTitle() ?? part, part, reason)
  test.skip()
  throw new Error('unreachable: skip throws')
}

/** Mocha calls this once, after the last test (`require` in .mocharc.json). */
export const mochaHooks = {
  afterAll(): void {
    if (leftOut.size === 0) return
    const lines = [...leftOut].map(([title, why]) => `  ${title}: ${why}`)
    process.stdout.write(`\ntests left out on this machine:\n${lines.join('\n')}\n`)
  },
}
