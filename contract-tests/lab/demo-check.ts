/** `npm run demo -- --check`: drives a route to modern and back, and verifies every answer. */
import assert from 'node:assert/strict'
import type { Scenario } from '../scenarios/scenario.ts'
import { assertAlike } from './alike.ts'
import { ask, type Facts } from './ask.ts'
import type { Banyan } from './banyan.ts'
import { createBrowser, signIn } from './browser.ts'
import type { World } from './world.ts'

const asked: readonly Scenario[] = [
  { route: 'articles.list', title: 'a list', url: '/api/articles?limit=5', status: 200 },
  { route: 'articles.list', title: 'a filter', url: '/api/articles?author=jake', status: 200 },
  { route: 'articles.list', title: 'signed in', url: '/api/articles', as: 'jake', status: 200 },
]

interface Step {
  readonly says: string
  readonly flip: readonly string[]
  /** Who may answer now. */
  readonly targets: readonly string[]
}

const steps: readonly Step[] = [
  { says: 'legacy answers everybody', flip: ['legacy'], targets: ['legacy'] },
  {
    says: 'canary: modern answers half of the callers',
    flip: ['canary', '--weight', '50%'],
    targets: ['legacy', 'modern'],
  },
  { says: 'modern answers everybody', flip: ['modern'], targets: ['modern'] },
  { says: 'and back to legacy', flip: ['legacy'], targets: ['legacy'] },
]

const callers = Array.from({ length: 16 }, (_, i) => `caller-${i}`)

/** Asks as sixteen callers; every answer must be legacy's own. Returns who answered. */
const verify = async (world: World, banyan: Banyan, facts: Facts): Promise<string[]> => {
  const seen = new Set<string>()
  for (const scenario of asked) {
    const expected = await ask(world.php.url, scenario, facts)
    for (const caller of callers) {
      const headers = { 'x-banyan-explain': '1', 'x-user-id': caller }
      const answer = await ask(banyan.url, scenario, facts, headers)
      assertAlike(expected, answer, scenario)
      seen.add(answer.headers['x-banyan-target'] ?? 'nobody')
    }
  }
  return [...seen].sort()
}

const flip = async (banyan: Banyan, words: readonly string[]): Promise<void> => {
  const { code, stdout, stderr } = await banyan.command('flip', 'articles.list', ...words)
  assert.equal(code, 0, `flip ${words.join(' ')} failed:\n${stdout}${stderr}`)
}

const checkMetrics = async (banyan: Banyan): Promise<void> => {
  const text = await (await fetch(`${banyan.adminUrl}/metrics`)).text()
  const line = /^banyan_requests_total\{route="articles\.list".*target="modern".*\} [1-9]/m
  assert.match(text, line, 'the metrics count what modern answered')
}

const checkOthers = async (world: World, banyan: Banyan, facts: Facts): Promise<void> => {
  const others: readonly (readonly [Scenario, string])[] = [
    [{ route: 'profiles.get', title: '', url: '/api/profiles/jake', status: 200 }, world.ruby.url],
    [
      {
        route: 'user.get',
        title: '',
        url: '/api/user',
        as: 'jake',
        status: 200,
        differs: ['token'],
      },
      world.ruby.url,
    ],
    [{ route: 'home.show', title: '', url: '/', status: 200, differs: ['html'] }, world.php.url],
  ]
  for (const [scenario, legacy] of others) {
    const answer = await ask(banyan.url, scenario, facts)
    assertAlike(await ask(legacy, scenario, facts), answer, scenario)
  }
}

/** Logs in, reads and comments as somebody with a browser does, who must see nothing of Banyan. */
const checkSite = async (banyan: Banyan, { slug }: Facts): Promise<void> => {
  const browser = createBrowser(banyan.url)
  const path = `/article/${encodeURIComponent(slug)}`
  const pages = [
    await signIn(browser),
    await browser.visit(path),
    await browser.submit(`${path}/comment`, { body: 'Read & <liked>' }),
    await browser.visit(path),
  ]
  assert.deepEqual(
    pages.map(({ status }) => status),
    [302, 200, 302, 200],
  )
  const last = pages.at(-1)?.text ?? ''
  assert.match(last, /Your comment is posted\./)
  assert.match(last, /Read &amp; &lt;liked&gt;/)
  for (const { headers } of pages) {
    assert.ok(![...headers.keys()].some((name) => name.startsWith('x-banyan')))
  }
}

/** Prints a line for each step. Rejects at the first thing that is wrong. */
export const checkDemo = async (
  world: World,
  banyan: Banyan,
  say: (line: string) => void,
): Promise<void> => {
  const facts = await world.facts()
  await checkOthers(world, banyan, facts)
  say('ok  PHP, Ruby and the HTML site answer through Banyan')
  await checkSite(banyan, facts)
  say('ok  a visitor logs in, reads and comments')
  for (const step of steps) {
    await flip(banyan, step.flip)
    assert.deepEqual(await verify(world, banyan, facts), step.targets, step.says)
    say(`ok  ${step.says}`)
  }
  await checkMetrics(banyan)
  say('ok  /metrics counted it')
}
