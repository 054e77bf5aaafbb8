/** A MariaDB server for one run: its own data, its own port, a password nobody else has. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { findMariadb } from './native.ts'

export interface Mariadb extends Child {
  readonly url: string
}

/** mariadbd refuses to run as root unless told so. */
const asWhom = (): readonly string[] => (process.getuid?.() === 0 ? ['--user=root'] : [])

/** A server that starts removes what looks like its temporary tables, also those of another one. */
const temporary = (home: string): string => {
  const dir = join(home, 'tmp')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return dir
}

const install = async (home: string): Promise<void> => {
  rmSync(home, { recursive: true, force: true })
  const env = { ...process.env, TMPDIR: temporary(home) }
  const args = [
    '--no-defaults',
    // The script does not quote it, so the way there may hold a space, but not this.
    '--datadir=./data',
    '--auth-root-authentication-method=socket',
    '--skip-test-db',
    ...asWhom(),
  ]
  await promisify(execFile)('mariadb-install-db', args, { cwd: home, env })
}

const accounts = (password: string): string =>
  [
    "DROP USER IF EXISTS ''@'localhost'",
    'CREATE DATABASE IF NOT EXISTS conduit CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    `CREATE OR REPLACE USER 'conduit'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    "GRANT ALL ON conduit.* TO 'conduit'@'127.0.0.1'",
    // A copy of it, that no client sees.
    "GRANT ALL ON twin.* TO 'conduit'@'127.0.0.1'",
    `CREATE OR REPLACE USER 'plain'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    "GRANT ALL ON conduit.* TO 'plain'@'127.0.0.1'",
    // To read the binary log, to begin another file of it, and to say what a session leaves out of it.
    "GRANT REPLICATION SLAVE, RELOAD, BINLOG ADMIN ON *.* TO 'conduit'@'127.0.0.1'",
    '',
  ].join(';\n')

const serverArgs = (home: string, data: string, port: number): readonly string[] => [
  '--no-defaults',
  `--datadir=${data}`,
  `--tmpdir=${temporary(home)}`,
  `--port=${port}`,
  '--bind-address=127.0.0.1',
  // Relative to the data: a path of more than 107 bytes could not be bound.
  '--socket=mariadb.sock',
  `--init-file=${join(home, 'accounts.sql')}`,
  '--skip-name-resolve',
  '--server-id=1',
  '--log-bin=mariadb-bin',
  '--binlog-format=ROW',
  // With a binary log, triggers and functions need a privilege that is not for tests.
  '--log-bin-trust-function-creators=1',
  // A long run must not fill the disk with what nobody reads any more.
  '--max-binlog-size=32M',
  '--binlog-expire-logs-seconds=600',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_bin',
  '--default-time-zone=+00:00',
  '--innodb-buffer-pool-size=32M',
  '--innodb-flush-log-at-trx-commit=0',
  ...asWhom(),
]

/** The password of an earlier start in this directory, or a new one beside new data. */
const prepare = async (home: string): Promise<string> => {
  const file = join(home, 'password')
  if (!existsSync(file)) {
    await install(home)
    writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 })
  }
  const password = readFileSync(file, 'utf8')
  writeFileSync(join(home, 'accounts.sql'), accounts(password), { mode: 0o600 })
  return password
}

/**
 * Starts the server on a port that the kernel gives. Data of an earlier start are used again.
 * Rejects with the server's last words. Needs what `probeMariadb` looks for.
 *
 * @param dir absolute
 */
export const startMariadb = async (dir: string): Promise<Mariadb> => {
  const server = await findMariadb()
  if (server === null) throw new Error('mariadbd is not installed: use the form sqlite')
  const home = join(dir, 'mariadb')
  const data = join(home, 'data')
  const password = await prepare(home)
  const child = await startChild({
    name: 'mariadb',
    dir: home,
    port: await freePort(),
    patience: 60_000,
    program: {
      command: (port) => [server, ...serverArgs(home, data, port)],
      ready: /ready for connections[\s\S]*?port: (\d+)/,
      env: {},
    },
  })
  return { ...child, url: `mysql://conduit:${password}@127.0.0.1:${child.port}/conduit` }
}
