/** MySQL, as the lab starts it where `BANYAN_MYSQLD` names the command. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findMysql } from './native.ts'
import { asWhom, type SqlMaker } from './sql-maker.ts'

export const mysql: SqlMaker = {
  name: 'mysql',
  find: findMysql,
  async install(server, home) {
    const data = `--datadir=${join(home, 'data')}`
    await promisify(execFile)(server, ['--no-defaults', '--initialize-insecure', data, ...asWhom()])
  },
  createUser: 'CREATE USER IF NOT EXISTS',
  // XA RECOVER is everybody's in MariaDB.
  privileges:
    'REPLICATION SLAVE, REPLICATION CLIENT, RELOAD, BINLOG_ADMIN, SESSION_VARIABLES_ADMIN, XA_RECOVER_ADMIN',
  args: [
    '--mysqlx=OFF',
    '--binlog-rows-query-log-events=ON',
    '--secure-file-priv=',
    // Else `information_schema` tells for a day what it once told.
    '--information-schema-stats-expiry=0',
  ],
}
