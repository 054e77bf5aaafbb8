/** The configs of the contenders: each forwards everything to one origin over kept connections. */

const route = (at: number): string =>
  `  shop${at}.get: { match: GET /shop/${at}/items/:id, legacy: legacy }\n`

export const banyanConfig = (options: {
  readonly port: number
  readonly adminPort: number
  readonly origin: number
  readonly routes: number
}): string => `listen: { host: 127.0.0.1, port: ${options.port} }
admin: { host: 127.0.0.1, port: ${options.adminPort} }
log: { access: 1% }
upstreams:
  legacy: { url: "http://127.0.0.1:${options.origin}" }
routes:
  articles.list: { match: GET /api/articles, legacy: legacy }
  rest: { match: /*, legacy: legacy }
${Array.from({ length: options.routes }, (_, at) => route(at)).join('')}`

export type UnrulyStage = 'shadow' | 'canary'

/** Routes of the handlers that misbehave, all at one stage, beside one that stays at legacy. */
export const unrulyConfig = (options: {
  readonly port: number
  readonly adminPort: number
  readonly origin: number
  readonly module: string
  readonly paths: readonly string[]
  readonly stage: 'legacy' | UnrulyStage
}): string => `listen: { host: 127.0.0.1, port: ${options.port} }
admin: { host: 127.0.0.1, port: ${options.adminPort} }
log: { access: 1% }
handlers: { module: ${JSON.stringify(options.module)}, timeout: 1s, lanes: 1 }
shadow: { lanes: 1 }
upstreams:
  legacy: { url: "http://127.0.0.1:${options.origin}" }
routes:
  rest: { match: /*, legacy: legacy }
${options.paths.map((path) => `  unruly.${path}: { match: GET /${path}, legacy: legacy, modern: handlers, effects: read, ${stageKeys[options.stage]} }\n`).join('')}`

const stageKeys = {
  legacy: 'stage: legacy',
  shadow: 'stage: shadow, sample: 100%',
  canary: 'stage: canary, weight: 100%, run: lane',
} as const

interface ServerOptions {
  readonly port: number
  readonly origin: number
  /** For what the server must write somewhere. */
  readonly directory: string
}

const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

export const nginxConfig = ({ port, origin, directory }: ServerOptions): string => `daemon off;
master_process off;
pid ${directory}/nginx.pid;
error_log ${directory}/nginx.log;
events { worker_connections 1024; }
http {
  access_log off;
${temporary.map((what) => `  ${what}_temp_path ${directory}/${what};`).join('\n')}
  keepalive_requests 1000000;
  upstream origin { server 127.0.0.1:${origin}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
    }
  }
}
`

export const haproxyConfig = ({ port, origin }: ServerOptions): string => `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  http-reuse always
frontend public
  bind 127.0.0.1:${port}
  default_backend origin
backend origin
  server origin 127.0.0.1:${origin}
`
