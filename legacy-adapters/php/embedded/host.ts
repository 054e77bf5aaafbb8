/** The PHP sample on PHP 7.4 in WebAssembly, as a child process of whoever needs a legacy. */
import { dirname, join } from 'node:path'
import { parseDatabaseUrl } from '../../../migrations/database-url.ts'
import { packageRoot } from '../../../proxy/package-root.ts'
import { required, wantedPort } from '../../embedded/environment.ts'
import { serve } from '../../embedded/serve.ts'
import { createPhpInterpreter } from './php-runtime.ts'
import { staticFile } from './static-file.ts'

const sample = join(packageRoot(), 'legacy-adapters/php/sample')
const documentRoot = join(sample, 'public')
const env = {
  DATABASE_URL: required('DATABASE_URL'),
  JWT_SECRET: required('JWT_SECRET'),
  SESSION_PATH: required('SESSION_PATH'),
}
const address = parseDatabaseUrl(env.DATABASE_URL)

const run = await createPhpInterpreter({
  script: join(documentRoot, 'index.php'),
  directories: [
    sample,
    env.SESSION_PATH,
    join(dirname(env.SESSION_PATH), 'avatars'),
    ...(address.form === 'sqlite' ? [dirname(address.file)] : []),
  ],
  env,
})

serve(async (request) => (await staticFile(documentRoot, request)) ?? run(request), wantedPort())
