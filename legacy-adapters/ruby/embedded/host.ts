/** The Ruby sample on Ruby 3.4 in WebAssembly, as a child process of whoever needs a legacy. */
import { join } from 'node:path'
import { parseDatabaseUrl } from '../../../migrations/database-url.ts'
import { packageRoot } from '../../../proxy/package-root.ts'
import { required, wantedPort } from '../../embedded/environment.ts'
import { serve } from '../../embedded/serve.ts'
import { createRubyInterpreter } from './ruby-runtime.ts'
import { createSqlBridge } from './sql-bridge.ts'

const address = parseDatabaseUrl(required('DATABASE_URL'))
if (address.form !== 'sqlite') {
  throw new Error(
    'embedded Ruby reads SQLite only: for MariaDB, install ruby, puma and ruby-mysql2',
  )
}

const root = join(packageRoot(), 'legacy-adapters/ruby')
const interpret = await createRubyInterpreter({
  app: join(root, 'sample'),
  bridge: join(root, 'embedded'),
  env: {
    DATABASE_URL: required('DATABASE_URL'),
    JWT_SECRET: required('JWT_SECRET'),
    BCRYPT_COST: process.env.BCRYPT_COST ?? '10',
  },
  sql: createSqlBridge(address.file),
})

serve(interpret, wantedPort())
