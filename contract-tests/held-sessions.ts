/**
 * Real PHP whose pages hold their session for a while, behind a proxy that shadows every request. PHP
 * itself writes down of each page whether somebody else held the session when it was asked for. For tests.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../proxy/config/load.ts'
import { createProxy } from '../proxy/proxy.ts'
import { type LabOrigin, saying, startOrigin } from '../proxy/shadow/shadow-lab.ts'
import { silentLog } from '../proxy/telemetry/log.ts'
import { type Child, startChild } from './lab/child.ts'

/** Longer than any machine needs to ask for the next page. */
const holdMs = 300

/** `held`: another request has this session now, which `session_start` would wait for. */
const page = `<?php
$id = isset($_COOKIE['PHPSESSID']) ? $_COOKIE['PHPSESSID'] : '';
$file = session_save_path() . '/sess_' . preg_replace('/[^A-Za-z0-9,-]/', '', $id);
$handle = $id === '' ? false : @fopen($file, 'r');
$held = $handle !== false && !flock($handle, LOCK_EX | LOCK_NB);
if ($handle !== false) fclose($handle);
session_start();
$seen = array('path' => $_SERVER['REQUEST_URI'], 'session' => $id !== '', 'held' => $held);
file_put_contents(getenv('OPENED'), json_encode($seen) . "\\n", FILE_APPEND | LOCK_EX);
$flash = isset($_SESSION['flash']) ? $_SESSION['flash'] : null;
unset($_SESSION['flash']);
if (isset($_GET['flash'])) $_SESSION['flash'] = $_GET['flash'];
usleep(${holdMs} * 1000);
session_write_close();
header('Content-Type: application/json');
echo json_encode(array('flash' => $flash));
`

/** A page that PHP was asked for. */
export interface Opened {
  readonly path: string
  readonly session: boolean
  readonly held: boolean
}

export interface HeldSessions {
  /** What PHP wrote down, in the order in which sessions were open. */
  opened(): readonly Opened[]
  /** Asks the proxy in this session, one page after the other; what each says of the flash message. */
  visit(paths: readonly string[]): Promise<readonly (string | null | undefined)[]>
  /** Ends every shadow, as a proxy that drains does. */
  drain(): Promise<unknown>
  close(): Promise<void>
}

export interface HeldSessionsOptions {
  readonly dir: string
  readonly stage: 'shadow' | 'modern'
  /** Default: false. */
  readonly repeatable?: boolean
}

const startPhp = (dir: string): Promise<Child> => {
  mkdirSync(join(dir, 'sessions'), { recursive: true })
  writeFileSync(join(dir, 'page.php'), page)
  return startChild({
    name: 'php',
    dir,
    program: {
      command: (port) => [
        ...['php', '-q', '-d', 'session.save_handler=files'],
        ...['-d', `session.save_path=${join(dir, 'sessions')}`],
        ...['-S', `127.0.0.1:${port}`, join(dir, 'page.php')],
      ],
      ready: /Development Server \(http:\/\/127\.0\.0\.1:(\d+)\) started/,
      // Two requests of one session must be able to meet.
      env: { PHP_CLI_SERVER_WORKERS: '6', OPENED: join(dir, 'opened.ndjson') },
    },
  })
}

const configOf = (
  { dir, stage, repeatable = false }: HeldSessionsOptions,
  php: Child,
  modern: LabOrigin,
): string => `
listen: { port: 0, drain: { delay: 0s } }
admin: { port: 0 }
stateDir: ${JSON.stringify(join(dir, 'state'))}
shadow: { delayLimit: 1m, rssLimit: 100GiB }
upstreams:
  php: { url: "http://127.0.0.1:${php.port}" }
  ts: { url: "${modern.url}" }
routes:
  pages: { match: "GET /pages/*", legacy: php, modern: ts, effects: read, stage: ${stage}, sample: 100%, repeatable: ${repeatable} }
  desk: { match: "GET /desk/*", legacy: php }
`

const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []

export const startHeldSessions = async (options: HeldSessionsOptions): Promise<HeldSessions> => {
  const { dir } = options
  const php = await startPhp(dir)
  // Nothing that it says is what PHP says.
  const modern = await startOrigin(saying('{"page":"another"}'))
  const file = join(dir, 'banyan.yaml')
  writeFileSync(file, configOf(options, php, modern))
  const { config, diagnostics } = await loadConfig(file, { env: {}, adapters: null })
  assert.ok(config !== null, JSON.stringify(diagnostics))
  const proxy = createProxy({ config }, { log: silentLog, nodeMetrics: false })
  const { url } = await proxy.start()
  let cookie = ''
  const visitOne = async (path: string): Promise<string | null | undefined> => {
    // A drain gives connections that nobody uses a second.
    const headers = { connection: 'close', ...(cookie === '' ? {} : { cookie }) }
    const answer = await fetch(url + path, { headers })
    assert.equal(answer.status, 200)
    const set = answer.headers.get('set-cookie')
    if (set !== null) cookie = set.split(';')[0] ?? ''
    return ((await answer.json()) as { readonly flash?: string | null }).flash
  }
  return {
    opened: () => linesOf(join(dir, 'opened.ndjson')).map((line) => JSON.parse(line) as Opened),
    async visit(paths) {
      const flashes: (string | null | undefined)[] = []
      for (const path of paths) flashes.push(await visitOne(path))
      return flashes
    },
    drain: () => proxy.drain(),
    async close() {
      await proxy.close()
      modern.close()
      await php.close()
    },
  }
}
