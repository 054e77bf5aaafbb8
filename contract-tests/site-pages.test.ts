/** The rewritten pages beside the legacy's, judged by the product's own comparison. */
import assert from 'node:assert/strict'
import { compare } from '../proxy/compare/compare.ts'
import { observed } from '../proxy/compare/observed.ts'
import type { Target } from '../proxy/stage.ts'
import type { Observation } from '../proxy/targets/send.ts'
import { addHostileArticles } from './hostile-articles.ts'
import { pageRules } from './lab/alike.ts'
import { type Browser, createBrowser, type Page, signIn } from './lab/browser.ts'
import { eachLegacy, jwtSecret } from './lab/each-legacy.ts'
import { createMemorySessions } from './lab/memory-sessions.ts'
import { type Modern, startModern } from './lab/modern.ts'

const observe = (from: Target, { status, headers, text }: Page): Observation =>
  observed(from, { status, headers: [...headers].flat(), body: text })

const withoutTokens = ({ text }: Page): string => text.replace(/(name="csrf" value=")\w+/g, '$1')

const assertAlike = (legacy: Page, modern: Page): void => {
  const { differences, outcome } = compare(
    observe('legacy', legacy),
    observe('modern', modern),
    pageRules,
  )
  assert.deepEqual(differences, [])
  assert.match(outcome, /^(identical|equivalent)$/)
  assert.equal(withoutTokens(modern), withoutTokens(legacy))
}

type Step = (browser: Browser) => Promise<Page>

const visit =
  (path: string, init: RequestInit = {}): Step =>
  (browser) =>
    browser.visit(path, init)

const paths: readonly string[] = [
  ...['/', '/?page=2', '/?page=3', '/?page=99', '/?page=0', '/?page=-1', '/?page=x', '/?page=%2B1'],
  ...['/?tag=a%2Fb', '/?tag=%D1%82%D0%B5%D0%B3', '/?tag=%3Cscript%3E', '/?tag=%ff', '/?tag[]=x'],
  ...['/?tag=many&page=2', '/?tag=many&tag=a%2Fb', '/?tag=', '/?tag=%7E!%27()*+%2B', '/?x=1'],
  ...['/article/hello-world', '/article/%E4%B8%AD%E6%96%87', '/article/hostile-0'],
  ...['/article/hostile-1', '/article/none', '/article/%ff', '/article/a%2Fb', '/article/'],
  ...['/%61rticle/hello-world', '/Article/hello-world', '/settings', '/settings/', '/nope', '//'],
]

const jake = { username: 'jake', email: 'jake@example.com', image: '', bio: '' }
const save =
  (fields: Readonly<Record<string, string>>): Step =>
  (browser) =>
    browser.submit('/settings', { ...jake, ...fields })

const hard = {
  username: 'Jäke <b>"&\'',
  email: 'jäke@example.com',
  image: 'https://example.com/a?b=1&c="\'<>',
  bio: '\r\n<script>alert("x")</script>\r\n</textarea>сто 😀',
}

/** What somebody signed in does, one after the other. */
const walk: readonly (readonly [string, Step])[] = [
  ['comes back', visit('/')],
  ['looks again', visit('/')],
  ['reads', visit('/article/hello-world')],
  ['opens the settings', visit('/settings')],
  ['leaves the name empty', save({ username: '' })],
  ['makes several mistakes', save({ username: ' \u00a0', email: 'jake', image: ' ', bio: ' ' })],
  ['wants what others have', save({ username: 'Änn O’Neil', email: 'ann@example.com' })],
  ['wants it without an address', save({ username: 'Änn O’Neil', email: 'none' })],
  ['writes too much', save({ username: 'ä'.repeat(256), email: '@'.repeat(256) })],
  ['writes too much elsewhere', save({ image: 'x'.repeat(1001), bio: 'ä'.repeat(32_768) })],
  ['is just within bounds', save({ username: '😀'.repeat(255), bio: 'ä'.repeat(32_767) })],
  ['sends a token that is wrong', save({ csrf: 'x' })],
  ['sends none', (browser) => browser.post('/settings', new URLSearchParams(jake))],
  ['sends a form of another kind', (browser) => browser.post('/settings', '{}', 'text/plain')],
  [
    'sends broken text',
    (browser) =>
      browser.post(
        '/settings',
        `csrf=${browser.csrf()}&username=%ff&email=a%40b&bio[]=x`,
        'application/x-www-form-urlencoded',
      ),
  ],
  [
    'sends it in parts',
    (browser) => {
      const form = new FormData()
      for (const [name, text] of Object.entries({ ...hard, csrf: browser.csrf() })) {
        form.set(name, text)
      }
      return browser.post('/settings', form)
    },
  ],
  ['is told that it is saved', visit('/settings')],
  ['is told so once', visit('/settings')],
  ['saves it as it was typed', save(hard)],
  ['sees the new name', visit('/article/hello-world')],
  ['gives an address that is none', save({ image: 'javascript:alert(1)' })],
  ['sees no picture', visit('/settings')],
  ['asks for nothing', visit('/nope')],
  ['asks for the head', visit('/settings', { method: 'HEAD' })],
  ['puts it back', save(jake)],
  ['is done', visit('/?page=2')],
]

eachLegacy('php', (legacy) => {
  const sessions = createMemorySessions()
  let modern: Modern

  before(async () => {
    await addHostileArticles(legacy().databaseUrl)
    modern = await startModern(legacy().databaseUrl, jwtSecret, { sessions })
  })
  after(async () => {
    await modern?.close()
    assert.deepEqual(modern?.failures, [])
    assert.equal(sessions.held(), 0)
  })

  const both = async (step: Step, browsers: readonly [Browser, Browser]): Promise<void> => {
    const [legacyPage, modernPage] = [await step(browsers[0]), await step(browsers[1])]
    assertAlike(legacyPage, modernPage)
  }
  const strangers = (): [Browser, Browser] => [
    createBrowser(legacy().url),
    createBrowser(modern.url),
  ]

  for (const path of paths) {
    it(`shows ${path} to a stranger as the legacy does`, () => both(visit(path), strangers()))
  }
  for (const [method, path] of [
    ['POST', '/settings'],
    ['POST', '/'],
    ['PUT', '/settings'],
    ['DELETE', '/article/hello-world'],
    ['HEAD', '/'],
    ['HEAD', '/article/none'],
  ] as const) {
    it(`answers ${method} ${path} as the legacy does`, () =>
      both(visit(path, { method }), strangers()))
  }

  it('is not told from the legacy by somebody who is signed in', async () => {
    const browsers = [
      createBrowser(legacy().url),
      createBrowser(modern.url, sessions.start({ user_id: 1, flash: 'Welcome back, jake.' })),
    ] as const
    await signIn(browsers[0])
    for (const [title, step] of walk) {
      await both(step, browsers).catch((error: Error) => {
        throw new Error(`somebody who ${title}: ${error.message}`, { cause: error })
      })
    }
  }).timeout(60_000)
})
