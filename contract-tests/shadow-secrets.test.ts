/** Two hundred secrets through a whole proxy that shadows, stores, records, counts and logs. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { createFolder, type Folder, run } from '../proxy/commands/command-lab.ts'
import { record } from '../proxy/commands/record.ts'
import { scenario } from '../proxy/commands/scenario.ts'
import { loadConfig } from '../proxy/config/load.ts'
import { createProxy, type Proxy as RunningProxy } from '../proxy/proxy.ts'
import type { Exemplar, Tally } from '../proxy/shadow/finding.ts'
import { unique } from '../proxy/shadow/planted-looks.ts'
import { ownNames } from '../proxy/shadow/planted-names.ts'
import { plantSecrets } from '../proxy/shadow/planted-secrets.ts'
import { type LabOrigin, startOrigin } from '../proxy/shadow/shadow-lab.ts'
import { createLog, type ProcessLog } from '../proxy/telemetry/log.ts'

type Answer = NonNullable<Exemplar['legacy']>

/** Framing is the origin's own. */
const linesOf = (headers: readonly string[]): string[] =>
  headers.flatMap((name, at) =>
    at % 2 === 0 && !/^(?:content-length|transfer-encoding|trailer)$/i.test(name)
      ? [name, headers[at + 1] ?? '']
      : [],
  )

const answerWith = (answer: ServerResponse, { status, headers, body }: Answer): void => {
  const bytes = Buffer.from(body.bytes ?? [])
  answer.writeHead(status ?? 200, [...linesOf(headers), 'Content-Length', String(bytes.length)])
  answer.end(bytes)
}

/** Everything that was written anywhere below a folder. */
const written = (path: string): string =>
  readdirSync(path)
    .map((name) => join(path, name))
    .map((each) => (statSync(each).isDirectory() ? written(each) : readFileSync(each, 'latin1')))
    .join('\n')

/** As many again as a page with accounts may hold: in cookies, in the query, in JSON. */
const plantAccounts = () => {
  const secrets = Array.from({ length: 45 }, (_, at) => unique(5_000 + at))
  const cookies = secrets.slice(0, 15).map((each, at) => `c${at}=${each}`)
  const query = secrets.slice(15, 20).map((each, at) => `${at === 0 ? '' : `u${at}_`}token=${each}`)
  const users = secrets.slice(20).map((password, id) => ({ id, password }))
  return {
    secrets,
    url: `/accounts?${query.join('&')}`,
    headers: ['Content-Type', 'application/json', 'Cookie', cookies.join('; ')],
    body: Buffer.from(JSON.stringify({ users })),
  }
}

describe('secrets that pass through a whole proxy', function (this: Mocha.Suite) {
  this.timeout(90_000)
  const { secrets, exemplar, repeated } = plantSecrets()
  const accounts = plantAccounts()
  /** Of other requests with the same answers they are secrets, too. */
  const again = ['Cookie', repeated.map((each, at) => `again${at}=${each}`).join('; ')]
  const { legacy: json, modern: html, request: asked } = exemplar
  const form = html?.instead ?? null
  let folder: Folder
  let origins: readonly LabOrigin[] = []
  let proxy: RunningProxy
  let log: ProcessLog
  let adminUrl = ''
  let url = ''
  const tallies: Tally[] = []

  const send = (
    headers: readonly string[],
    body: Uint8Array,
    path: string = asked.url,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const sent = request(url + path, {
        method: 'POST',
        agent: false,
        headers: [
          'Host',
          'shop.example',
          ...linesOf(headers),
          'Content-Length',
          String(body.length),
        ],
      })
      sent.on('error', reject)
      sent.on('response', (answer) => answer.resume().on('end', resolve))
      sent.end(body)
    })
  const read = async (path: string): Promise<string> => (await fetch(adminUrl + path)).text()
  const told = async (count: number): Promise<void> => {
    while (tallies.length < count) await once(AbortSignal.timeout(20), 'abort')
  }

  before(async () => {
    assert.ok(json !== null && html !== null && form !== null)
    folder = createFolder()
    const isForm = (type: string | undefined): boolean => type?.includes('form-urlencoded') === true
    origins = [
      await startOrigin((message, answer) =>
        answerWith(answer, isForm(message.headers['content-type']) ? html : json),
      ),
      await startOrigin((message, answer) =>
        answerWith(answer, isForm(message.headers['content-type']) ? form : html),
      ),
    ]
    const text = `
listen: { port: 0 }
admin: { port: 0 }
stateDir: ${JSON.stringify(join(folder.path, 'state'))}
store: { url: "sqlite:${join(folder.path, 'state', 'banyan.db')}" }
shadow: { redact: [${ownNames.join(', ')}], delayLimit: 1m, rssLimit: 100GiB }
upstreams:
  php: { url: "${origins[0]?.url}" }
  ts: { url: "${origins[1]?.url}" }
routes:
  users.show: { match: "POST /*", legacy: php, modern: ts, effects: read, stage: shadow, repeatable: true }
`
    const file = join(folder.path, 'banyan.yaml')
    writeFileSync(file, text)
    const { config, diagnostics } = await loadConfig(file, { env: {}, adapters: null })
    assert.ok(config !== null, JSON.stringify(diagnostics))
    log = createLog({ level: 'debug', fd: openSync(join(folder.path, 'log.ndjson'), 'w') })
    const tell = (tally: Tally): void => void tallies.push(tally)
    proxy = createProxy({ config }, { log, nodeMetrics: false, tell })
    ;({ url, adminUrl } = await proxy.start())
  })
  after(async () => {
    await proxy?.close()
    await log?.close()
    for (const origin of origins) origin.close()
    folder?.remove()
  })

  it('are found in no store, log, metric, recording, page of the admin API or scenario', async () => {
    const out = join(folder.path, 'recording.ndjson')
    const stop = new AbortController()
    const config = join(folder.path, 'banyan.yaml')
    const wish = { routes: [], for: '1m', limit: '100', size: '16MiB', json: false }
    const recorded = run((io) => record({ ...wish, config, out, admin: adminUrl }, io), {
      stop: () => stop.signal,
    })
    while ((await read('/v1/recording')).includes('"recording": null')) {
      await once(AbortSignal.timeout(20), 'abort')
    }
    await send(asked.headers, asked.body ?? Buffer.alloc(0))
    await send([...(form?.headers ?? []), ...again], form?.body.bytes ?? Buffer.alloc(0))
    await send([...accounts.headers, ...again], accounts.body, accounts.url)
    await told(3)
    stop.abort()
    assert.equal((await recorded).code, 0)

    const list = JSON.parse(await read('/v1/routes/users.show/exemplars')) as {
      exemplars: { id: string }[]
    }
    assert.equal(list.exemplars.length, 3)
    const paths = ['/metrics', '/v1/routes', '/v1/routes/users.show/diffs', '/v1/status']
    const ids = list.exemplars.map(({ id }) => id)
    const pages = [...paths, ...ids.map((id) => `/v1/exemplars/${id}`)].map(read)
    const asScenario =
      (id: string, form: string) => (io: Parameters<Parameters<typeof run>[0]>[0]) =>
        scenario({ id, route: null, form, from: null, admin: adminUrl, config, json: false }, io)
    const scenarios = ids.flatMap((id) => [
      run(asScenario(id, 'scenario')),
      run(asScenario(id, 'mocha')),
    ])
    const shown = [
      JSON.stringify(list),
      JSON.stringify(tallies),
      ...(await Promise.all(pages)),
      ...(await Promise.all(scenarios)).map((ran) => ran.out + ran.err),
    ].join('\n')
    await proxy.close()
    await log.flush()
    const kept = written(folder.path)
    for (const part of ['users.show', '"event":"request"', '"recording":1', 'SQLite format 3'])
      assert.ok(kept.includes(part), `${part} was not written`)

    const sent = [
      ...[asked.url, accounts.url, accounts.headers.join(), accounts.body.toString()],
      ...[asked.headers, json?.headers, html?.headers, form?.headers].flatMap((each) => each ?? []),
      ...[asked.body, json?.body.bytes, html?.body.bytes, form?.body.bytes].map((bytes) =>
        Buffer.from(bytes ?? []).toString('latin1'),
      ),
    ].join('\n')
    const planted = [...secrets, ...accounts.secrets].filter(
      (each) => sent.includes(each) || sent.includes(encodeURIComponent(each)),
    )
    assert.ok(planted.length >= 200, `${planted.length} were sent`)
    const all = kept + shown
    const leaked = planted.filter(
      (each) => all.includes(each) || all.includes(encodeURIComponent(each)),
    )
    assert.deepEqual(leaked, [])
  })
})
