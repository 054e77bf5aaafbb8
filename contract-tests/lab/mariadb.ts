/** MariaDB, as the lab starts it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findMariadb } from './native.ts'
import { asWhom, type SqlMaker } from './sql-maker.ts'

export const mariadb: SqlMaker = {
  name: 'mariadb',
  find: findMariadb,
  async install(_server, home, temporary) {
    const args = [
      '--no-defaults',
      // The script does not quote it, so the way there may hold a space, but not this.
      '--datadir=./data',
      '--auth-root-authentication-method=socket',
      '--skip-test-db',
      ...asWhom(),
    ]
    const env = { ...process.env, TMPDIR: temporary }
    await promisify(execFile)('mariadb-install-db', args, { cwd: home, env })
  },
  createUser: 'CREATE OR REPLACE USER',
  privileges: 'REPLICATION SLAVE, RELOAD, BINLOG ADMIN',
  args: [],
}
