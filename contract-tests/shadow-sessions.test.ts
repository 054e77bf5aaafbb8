/** What PHP keeps for one visitor must be the same whether shadows run or not. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../proxy/config/load.ts'
import { createProxy, type Proxy as RunningProxy } from '../proxy/proxy.ts'
import type { Tally } from '../proxy/shadow/finding.ts'
import { type LabOrigin, startOrigin } from '../proxy/shadow/shadow-lab.ts'
import { silentLog } from '../proxy/telemetry/log.ts'
import { type Browser, createBrowser, type Page, signIn } from './lab/browser.ts'
import { eachLegacy, type LegacyUnderTest } from './lab/each-legacy.ts'

const pass =
  (origin: string) =>
  (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { method, rawHeaders, url = '/' } = incoming
    const onward = request(
      origin + url,
      { method, headers: rawHeaders, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(outgoing)
      },
    )
    onward.once('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }

/** A drain gives connections that nobody uses a second. */
const leaving = { connection: 'close' }

/** Nothing that it says is what PHP says. */
const otherwise = (_: IncomingMessage, answer: ServerResponse): void => {
  answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  answer.end('<title>another page</title>')
}

const textOf = (stage: string, legacy: LabOrigin, modern: LabOrigin, dir: string): string => `
listen: { port: 0, drain: { delay: 0s } }
admin: { port: 0 }
stateDir: ${JSON.stringify(dir)}
shadow: { delayLimit: 1m, rssLimit: 100GiB }
upstreams:
  php: { url: "${legacy.url}" }
  ts: { url: "${modern.url}" }
routes:
  pages: { match: "GET /*", legacy: php, modern: ts, effects: read, stage: ${stage}, sample: 100% }
  forms: { match: "POST /*", legacy: php }
`

interface Site {
  readonly url: string
  /** What PHP was asked. */
  readonly asked: LabOrigin['asked']
  readonly tallies: readonly Tally[]
  /** Ends every shadow, as a proxy that drains does. */
  drain(): Promise<unknown>
  close(): Promise<void>
}

/** Banyan before PHP, every page of which is shadowed. */
const startSite = async (php: LegacyUnderTest, stage: 'shadow' | 'modern'): Promise<Site> => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-sessions-'))
  const legacy = await startOrigin(pass(php.url))
  const modern = await startOrigin(otherwise)
  const file = join(dir, 'banyan.yaml')
  writeFileSync(file, textOf(stage, legacy, modern, dir))
  const { config, diagnostics } = await loadConfig(file, { env: {}, adapters: null })
  assert.ok(config !== null, JSON.stringify(diagnostics))
  const tallies: Tally[] = []
  const tell = (tally: Tally): void => void tallies.push(tally)
  const proxy: RunningProxy = createProxy({ config }, { log: silentLog, nodeMetrics: false, tell })
  const { url } = await proxy.start()
  return {
    ...{ url, asked: legacy.asked, tallies },
    drain: () => proxy.drain(),
    async close() {
      await proxy.close()
      legacy.close()
      modern.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

const flashOf = ({ text }: Page): string | null =>
  /<p class="flash">([^<]*)<\/p>/.exec(text)?.[1] ?? null

const withSession = (asked: LabOrigin['asked']): number =>
  asked.filter(({ headers }) => /PHPSESSID=/.test(headers.cookie ?? '')).length

const rounds = 15

/** A stranger who wants the settings is sent away with a message, which the next page shows once. */
const walk = async (browser: Browser): Promise<void> => {
  for (let round = 0; round < rounds; round++) {
    assert.equal((await browser.visit('/settings')).status, 302)
    assert.equal(flashOf(await browser.visit('/login')), 'Sign in first.')
    assert.equal(flashOf(await browser.visit('/login')), null)
  }
}

eachLegacy('php', (legacy) => {
  let site: Site | null = null
  afterEach(async function (this: Mocha.Context) {
    this.timeout(30_000)
    await site?.close()
    site = null
  })

  it('shows every flash message once, and is asked no page of a session twice, under shadows of every request', async () => {
    site = await startSite(legacy(), 'shadow')
    const browser = createBrowser(site.url, undefined, leaving)
    await walk(browser)
    const welcome = await signIn(browser)
    assert.equal(welcome.status, 302)
    assert.match(flashOf(await browser.visit('/')) ?? '', /^Welcome back/)
    assert.equal((await browser.visit('/settings')).status, 200)
    await site.drain()
    // Of all visits only the first came without a session.
    const visits = 3 * rounds + 4
    // The first came without a session: it alone may be repeated.
    assert.equal(withSession(site.asked), visits - 1)
    const told = site.tallies.filter(({ outcome }) => outcome !== 'shed')
    assert.ok(told.length > 0)
    const ofSessions = told.filter(({ reason }) => reason === 'session')
    assert.ok(
      ofSessions.length >= told.length - 1,
      JSON.stringify(told.map((each) => each.outcome)),
    )
  }).timeout(60_000)

  it('keeps the session of a visitor whose pages modern answers: no reverse shadow opens it', async () => {
    const php = createBrowser(legacy().url)
    await signIn(php)
    // The message waits in the session; nobody has seen it.
    site = await startSite(legacy(), 'modern')
    const cookie =
      php
        .cookie()
        .split('; ')
        .find((pair) => pair.startsWith('PHPSESSID=')) ?? ''
    const headers = { cookie, ...leaving }
    for (let round = 0; round < 3 * rounds; round++) {
      const answer = await fetch(site.url, { headers })
      assert.match(await answer.text(), /another page/)
    }
    await fetch(site.url, { headers: leaving }).then((answer) => answer.text())
    await site.drain()
    assert.equal(withSession(site.asked), 0)
    const ofSessions = site.tallies.filter(({ reason }) => reason === 'session')
    assert.equal(ofSessions.length, 3 * rounds)
    assert.match(flashOf(await php.visit('/')) ?? '', /^Welcome back/)
    assert.equal(flashOf(await php.visit('/')), null)
    assert.equal((await php.visit('/settings')).status, 200)
  }).timeout(60_000)

  it('lets a page pass whose session another request holds: shadows hold none', async () => {
    site = await startSite(legacy(), 'shadow')
    const { url } = site
    const browser = createBrowser(url)
    await browser.visit('/login')
    const headers = { cookie: browser.cookie() }
    const many = Array.from({ length: 12 }, async () => {
      const answer = await fetch(`${url}/login`, { headers })
      return [answer.status, (await answer.text()).includes('name="csrf"')]
    })
    for (const seen of await Promise.all(many)) assert.deepEqual(seen, [200, true])
    await site.drain()
    assert.equal(withSession(site.asked), 12)
  }).timeout(60_000)
})
