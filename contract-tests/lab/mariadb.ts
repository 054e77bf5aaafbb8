/** A MariaDB server for one run: its own data, its own port, a password nobody else has. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type OwnedProcess, startOwnedProcess } from './owned-process.ts'

export interface MariadbOptions {
  /** Absolute. What is there from an earlier start is used again, its password too. */
  readonly dir: string
  /** To bring a killed server back where it was. Default: a port that the kernel gives. */
  readonly port?: number
}

export interface Mariadb extends OwnedProcess {
  readonly url: string
  readonly port: number
}

/** Debian puts the server where only root's PATH looks. */
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']

const find = (program: string): string | null =>
  folders.map((folder) => join(folder, program)).find((file) => existsSync(file)) ?? null

/** Why no MariaDB can be started here, for the reason of a skipped test; null: it can. */
export const whyNoMariadb = (): string | null => {
  const missing = ['mariadbd', 'mariadb-install-db'].filter((program) => find(program) === null)
  return missing.length === 0 ? null : `${missing.join(' and ')} not installed`
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** mariadbd refuses to run as root unless told so. */
const asWhom = process.getuid?.() === 0 ? ['--user=root'] : []

const install = async (home: string, data: string): Promise<void> => {
  const program = find('mariadb-install-db')
  if (program === null) throw new Error(`MariaDB cannot be started: ${whyNoMariadb()}`)
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true, mode: 0o700 })
  await promisify(execFile)(program, [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=socket',
    '--skip-test-db',
    ...asWhom,
  ])
  writeFileSync(join(home, 'password'), randomBytes(18).toString('base64url'), { mode: 0o600 })
}

const accounts = (password: string): string =>
  [
    "DROP USER IF EXISTS ''@'localhost'",
    'CREATE DATABASE IF NOT EXISTS conduit CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
    `CREATE OR REPLACE USER 'conduit'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    "GRANT ALL ON conduit.* TO 'conduit'@'127.0.0.1'",
    '',
  ].join(';\n')

const serverArgs = (home: string, data: string, port: number): readonly string[] => [
  '--no-defaults',
  `--datadir=${data}`,
  `--port=${port}`,
  '--bind-address=127.0.0.1',
  // Relative to the data: a longer path than 107 bytes could not be bound.
  '--socket=mariadb.sock',
  `--init-file=${join(home, 'accounts.sql')}`,
  '--skip-name-resolve',
  '--skip-log-bin',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_bin',
  '--default-time-zone=+00:00',
  '--innodb-buffer-pool-size=32M',
  '--innodb-flush-log-at-trx-commit=0',
  ...asWhom,
]

/** Rejects with the server's last words. Needs what `whyNoMariadb` looks for. */
export const startMariadb = async ({ dir, port: wanted }: MariadbOptions): Promise<Mariadb> => {
  const home = join(dir, 'mariadb')
  const data = join(home, 'data')
  const passwordFile = join(home, 'password')
  if (!existsSync(passwordFile)) await install(home, data)
  const password = readFileSync(passwordFile, 'utf8')
  writeFileSync(join(home, 'accounts.sql'), accounts(password), { mode: 0o600 })
  const port = wanted ?? (await freePort())
  const server = await startOwnedProcess({
    command: find('mariadbd') ?? 'mariadbd',
    args: serverArgs(home, data, port),
    mark: `--datadir=${data}`,
    pidFile: join(home, 'mariadbd.pid'),
    logFile: join(home, 'mariadbd.log'),
    ready: /ready for connections/,
    readyTimeoutMs: 60_000,
  })
  return { ...server, port, url: `mysql://conduit:${password}@127.0.0.1:${port}/conduit` }
}
