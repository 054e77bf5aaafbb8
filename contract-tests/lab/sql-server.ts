/** A database server for one run: its own data, its own port, a password nobody else has. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, startChild } from './child.ts'
import { freePort } from './free-port.ts'
import { mariadb } from './mariadb.ts'
import { mysql } from './mysql.ts'
import { isMysqlAsked } from './native.ts'
import { asWhom, type SqlMaker } from './sql-maker.ts'

export interface SqlServer extends Child {
  readonly url: string
}

/** A server that starts removes what looks like its temporary tables, also those of another one. */
const temporary = (home: string): string => {
  const dir = join(home, 'tmp')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return dir
}

const accounts = ({ createUser, privileges }: SqlMaker, password: string): string =>
  [
    "DROP USER IF EXISTS ''@'localhost'",
    'CREATE DATABASE IF NOT EXISTS conduit CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    `${createUser} 'conduit'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    "GRANT ALL ON conduit.* TO 'conduit'@'127.0.0.1'",
    // A copy of it, that no client sees.
    "GRANT ALL ON twin.* TO 'conduit'@'127.0.0.1'",
    `${createUser} 'plain'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    "GRANT ALL ON conduit.* TO 'plain'@'127.0.0.1'",
    // To read the binary log, to begin another file of it, and to say what a session leaves out of it.
    `GRANT ${privileges} ON *.* TO 'conduit'@'127.0.0.1'`,
    '',
  ].join(';\n')

const serverArgs = (home: string, port: number, own: readonly string[]): readonly string[] => [
  '--no-defaults',
  `--datadir=${join(home, 'data')}`,
  `--tmpdir=${temporary(home)}`,
  `--port=${port}`,
  '--bind-address=127.0.0.1',
  // Relative to the data: a path of more than 107 bytes could not be bound. Another one each time:
  // MySQL starts on none that a server which was killed has left behind.
  `--socket=${randomBytes(4).toString('hex')}.sock`,
  `--init-file=${join(home, 'accounts.sql')}`,
  '--skip-name-resolve',
  '--server-id=1',
  '--log-bin=binary-log',
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
  ...own,
]

/** The password of an earlier start in this directory, or a new one beside new data. */
const prepare = async (maker: SqlMaker, server: string, home: string): Promise<string> => {
  const file = join(home, 'password')
  if (!existsSync(file)) {
    rmSync(home, { recursive: true, force: true })
    await maker.install(server, home, temporary(home))
    writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 })
  }
  const password = readFileSync(file, 'utf8')
  writeFileSync(join(home, 'accounts.sql'), accounts(maker, password), { mode: 0o600 })
  return password
}

/**
 * Starts MariaDB, or MySQL where the run asks for it, on a port that the kernel gives. Data of an
 * earlier start are used again. Rejects with the server's last words. Needs what `probeMariadb` looks
 * for.
 *
 * @param dir absolute
 */
export const startSqlServer = async (dir: string): Promise<SqlServer> => {
  const maker = isMysqlAsked() ? mysql : mariadb
  const server = await maker.find()
  if (server === null) throw new Error(`${maker.name} is not installed: use the form sqlite`)
  const home = join(dir, maker.name)
  const password = await prepare(maker, server, home)
  const child = await startChild({
    name: maker.name,
    dir: home,
    port: await freePort(),
    patience: 60_000,
    program: {
      command: (port) => [server, ...serverArgs(home, port, maker.args)],
      ready: /ready for connections[\s\S]*?port: (\d+)/,
      env: {},
    },
  })
  return { ...child, url: `mysql://conduit:${password}@127.0.0.1:${child.port}/conduit` }
}
