/** Real servers that tell what they take a request target for: judges of the models of routing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from './lab/child.ts'
import type { Program } from './lab/launch.ts'

export interface PathReader {
  readonly url: string
  /** Bytes as latin1: what the body of an answer says that the path was, by each way to read one. */
  readonly readings: (body: string) => readonly string[]
  close(): Promise<void>
}

export type ReaderName = 'php' | 'puma' | 'nginx'

interface Recipe extends Pick<PathReader, 'readings'> {
  /** By name, what goes into the directory. */
  readonly files: (dir: string) => Readonly<Record<string, string>>
  readonly program: (dir: string) => Program
  readonly url: (dir: string, port: number) => string
}

const phpScript = `<?php
$uri = $_SERVER['REQUEST_URI'];
$raw = explode('?', $uri)[0];
$script = $_SERVER['SCRIPT_NAME'];
$own = strpos($raw, $script) === 0 ? substr($raw, strlen($script)) : $raw;
$readings = [
  $_SERVER['PATH_INFO'] ?? '/',                               // the server's own
  rawurldecode((string) parse_url($uri, PHP_URL_PATH)),       // a small front controller
  rawurldecode($own),                                         // Symfony
  '/' . trim(rawurldecode($own), '/'),                        // Laravel
  '/' . trim(trim(urldecode($own), '/')),                     // a careless one
  preg_match('#^/admin$#', rawurldecode($own)) ? '/admin' : '', // '$' without D
];
foreach ($readings as $reading) echo bin2hex($reading), "\\n";
`

const rackApp = `require 'uri'
app = lambda do |env|
  raw = env['PATH_INFO']
  decoded = URI.decode_www_form_component(raw.gsub('+', '%2B')) rescue raw
  normal = "/#{raw}".squeeze('/').delete_suffix('/')
  readings = [raw, decoded, normal, normal.sub(/\\.[^.\\/]+\\z/, ''), decoded.match?(/\\A\\/admin\\Z/) ? '/admin' : '']
  [200, { 'content-type' => 'text/plain' }, [readings.map { |each| each.unpack1('H*') }.join("\\n")]]
end
run app
`

const nginxConfig = (dir: string): string => `
daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr notice;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy; fastcgi_temp_path ${dir}/fastcgi;
  uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
  server { listen unix:${dir}/nginx.sock; location / { default_type text/plain; return 200 $uri; } }
}
`

const unhex = (body: string): readonly string[] =>
  body.split('\n').map((line) => Buffer.from(line.trim(), 'hex').toString('latin1'))

const recipes: Readonly<Record<ReaderName, Recipe>> = {
  php: {
    files: () => ({ 'index.php': phpScript }),
    program: (dir) => ({
      command: (port) => ['php', '-q', '-S', `127.0.0.1:${port}`, '-t', dir],
      ready: /Development Server \(http:\/\/127\.0\.0\.1:(\d+)\) started/,
      env: {},
    }),
    url: (_, port) => `http://127.0.0.1:${port}`,
    readings: unhex,
  },
  puma: {
    files: () => ({ 'config.ru': rackApp }),
    program: (dir) => ({
      command: (port) => ['puma', '--bind', `tcp://127.0.0.1:${port}`, 'config.ru'],
      ready: /Listening on (?:http|tcp):\/\/127\.0\.0\.1:(\d+)/,
      env: {},
      cwd: dir,
    }),
    url: (_, port) => `http://127.0.0.1:${port}`,
    readings: unhex,
  },
  nginx: {
    files: (dir) => ({ 'nginx.conf': nginxConfig(dir) }),
    program: (dir) => ({
      command: () => ['nginx', '-c', join(dir, 'nginx.conf'), '-p', dir],
      // It listens on a path: the number, its process id, stands for a port that it does not have.
      ready: /(\d+)#\d+: using the "/,
      env: {},
    }),
    url: (dir) => `unix:${dir}/nginx.sock`,
    readings: (body) => [body],
  },
}

export const startPathReader = async (name: ReaderName): Promise<PathReader> => {
  const { files, program, url, readings } = recipes[name]
  const dir = await mkdtemp(join(tmpdir(), 'banyan-paths-'))
  for (const [file, text] of Object.entries(files(dir))) await writeFile(join(dir, file), text)
  const child = await startChild({ name, program: program(dir), dir })
  return {
    url: url(dir, child.port),
    readings,
    async close() {
      await child.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
