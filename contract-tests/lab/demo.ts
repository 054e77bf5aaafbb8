/**
 * `npm run demo`: the worked example, whole, on whatever this machine has. With `--check` it drives
 * itself through a flip to modern and back, verifies every answer, and exits 0 or 1.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../../proxy/package-root.ts'
import { type Banyan, exampleConfig, startBanyan } from './banyan.ts'
import { startBoard } from './demo-board.ts'
import { checkDemo } from './demo-check.ts'
import { describeForms } from './forms.ts'
import { freePort } from './free-port.ts'
import { differing } from './planted-differences.ts'
import { makeRunDirectory } from './run-directory.ts'
import { findSights, startTraffic } from './sample-traffic.ts'
import { checkShadows } from './shadow-check.ts'
import { findForms, startWorld, type World } from './world.ts'

const help = `Usage: npm run demo [-- OPTIONS]

Starts a PHP and a Ruby legacy, their database and Banyan in front of them, with a little traffic.

Options:
  --check      find what is wrong on purpose, drive a route to modern and back, verify every answer,
               and exit 0 or 1
  --native     take installed PHP, Ruby and MariaDB; an error where one is missing
  --embedded   take WebAssembly and SQLite, whatever is installed
  --help       this text
`

interface Demo {
  readonly world: World
  readonly banyan: Banyan
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const free = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** The port people expect, if nobody has it. */
const preferred = async (port: number): Promise<number> =>
  (await free(port)) ? port : await freePort()

/**
 * A config that a check may edit. A slow machine is no reason for it to fail: no shadow is left out
 * because the process has little time.
 */
const writeCopy = (dir: string): string => {
  const path = join(dir, 'banyan.yaml')
  writeFileSync(path, `${exampleConfig()}\nshadow: { delayLimit: 1m, rssLimit: 100GiB }\n`)
  return path
}

const start = async (dir: string, options: Options): Promise<Demo> => {
  const forms = await findForms(options.embedded ? 'embedded' : 'native')
  if (options.native && forms.missing.length > 0) {
    throw new Error(`--native: ${forms.missing.join('; ')}`)
  }
  say(describeForms(forms))
  const world = await startWorld({ forms, dir, say: (line) => say(`  ${line}`) })
  try {
    const taken = options.check
      ? { listen: await freePort(), admin: await freePort() }
      : { listen: await preferred(8080), admin: await preferred(9901) }
    const configFile = options.check ? writeCopy(dir) : join(packageRoot(), 'config/banyan.yaml')
    const banyan = await startBanyan(world, { ports: taken, configFile, env: differing })
    return { world, banyan }
  } catch (error) {
    await world.close()
    throw error
  }
}

const end = async ({ world, banyan }: Demo): Promise<void> => {
  await banyan.close()
  await world.close()
}

/** Even where Ctrl-C comes before there is anything to stop: the children end with this process. */
const leaveNothing = (dir: string): void => {
  const leave = (): never => process.exit(130)
  process.once('SIGINT', leave).once('SIGTERM', leave)
  process.once('exit', () => {
    try {
      rmSync(dir, { recursive: true, force: true })
    } catch {
      // A child still writes; the next start clears what a run left.
    }
  })
}

const tellLogs = ({ world, banyan }: Demo): void => {
  const logs = { banyan: banyan.log(), php: world.php.log(), ruby: world.ruby.log() }
  for (const [name, text] of Object.entries(logs)) {
    say(`\n── the last lines of ${name}\n${text.split('\n').slice(-30).join('\n')}`)
  }
}

/** How to call the command so that it finds the admin port this demo took. */
const commandLine = ({ adminUrl }: Banyan): string => {
  const port = new URL(adminUrl).port
  return `${port === '9901' ? '' : `BANYAN_ADMIN_PORT=${port} `}npx --no-install banyan`
}

/** What needs connections that the embedded forms cannot give: they answer 501, with a sentence. */
const notEmbedded = ({ php, ruby }: World['forms']): readonly string[] => [
  ...(php === 'embedded' ? ['/export.csv'] : []),
  ...(ruby === 'embedded' ? ['/account/events', '/account/live'] : []),
]

const greet = ({ world, banyan }: Demo): void => {
  const command = commandLine(banyan)
  if (!banyan.url.endsWith(':8080')) say('port 8080 is taken: took another')
  if (!banyan.adminUrl.endsWith(':9901')) say('port 9901 is taken: took another')
  const missing = notEmbedded(world.forms)
  if (missing.length > 0) say(`only native, 501 here: ${missing.join(', ')}`)
  say(`
  The site            ${banyan.url}/            (log in: jake@example.com / jakejake)
  The account page    ${banyan.url}/account     (Ruby's; log in likewise)
  The API             ${banyan.url}/api/articles?limit=5
  Metrics             ${banyan.adminUrl}/metrics

  In another terminal, let TypeScript answer half of the callers:
      ${command} flip articles.list canary --weight 50%
  and everybody, and nobody again:
      ${command} flip articles.list modern
      ${command} flip articles.list legacy
  Three routes are at shadow, two of them with handlers that are wrong on purpose. See what differs:
      ${command} diffs articles.get
      ${command} diffs stats.get
      ${command} status profiles.get
  Stop with Ctrl-C.
`)
}

const untilStopped = (): Promise<void> =>
  new Promise((resolve) => {
    let asked = false
    const stop = (): void => {
      // Whoever asks twice is in a hurry: the children end with this process.
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal).on(signal, stop)
  })

const show = async (demo: Demo): Promise<void> => {
  greet(demo)
  const { stdout } = process
  const terminal = stdout.isTTY === true
  const screen = {
    terminal,
    color: terminal && process.env.NO_COLOR === undefined,
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    write: (text: string): void => void stdout.write(text),
  }
  const traffic = startTraffic(demo.banyan.url, await findSights(demo.world.php.url), 150)
  const board = startBoard(demo.banyan, screen)
  await untilStopped()
  say('\nstopping')
  board.stop()
  await traffic.stop()
}

const check = async (demo: Demo): Promise<number> => {
  try {
    await checkShadows(demo.world, demo.banyan, say)
    await checkDemo(demo.world, demo.banyan, say)
    say('ready: the demo works')
    return 0
  } catch (error) {
    say(`FAILED: ${error instanceof Error ? error.message : String(error)}`)
    tellLogs(demo)
    return 1
  }
}

interface Options {
  readonly check: boolean
  readonly native: boolean
  readonly embedded: boolean
  readonly help: boolean
}

const flag = { type: 'boolean', default: false } as const

const readOptions = (): Options | null => {
  try {
    const options = { check: flag, native: flag, embedded: flag, help: flag }
    return parseArgs({ options }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`)
    return null
  }
}

const main = async (): Promise<number> => {
  const options = readOptions()
  if (options === null) return 2
  if (options.help) {
    process.stdout.write(help)
    return 0
  }
  const dir = await makeRunDirectory(join(packageRoot(), 'var/demo'))
  leaveNothing(dir)
  const demo = await start(dir, options).catch((error: unknown) => {
    say(`the demo did not start: ${error instanceof Error ? error.message : String(error)}`)
    return null
  })
  if (demo === null) return 1
  const code = options.check ? await check(demo) : await show(demo).then(() => 0)
  await end(demo)
  return code
}

process.exit(await main())
