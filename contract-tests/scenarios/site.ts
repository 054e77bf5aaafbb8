import assert from 'node:assert/strict'
import type { Scenario } from './scenario.ts'

/** The page's own route, for those that are rewritten. */
const routeOf = (url: string): string => {
  if (/^\/(\?|$)/.test(url)) return 'home.show'
  return url.startsWith('/article/') ? 'article.show' : 'rest'
}

const page = (title: string, url: string, status: number, expected: RegExp): Scenario => ({
  route: routeOf(url),
  title,
  url,
  status,
  // Every page of the site sets a session cookie, and a form carries a token of its own.
  differs: ['html'],
  holds: ({ headers, text }) => {
    assert.match(headers['content-type'] ?? '', /^text\/html/)
    assert.match(text, expected)
  },
})

/** Something of the site that is no page, and the same for everybody. */
const file = (title: string, url: string, status: number, type: RegExp): Scenario => ({
  route: 'rest',
  title,
  url,
  status,
  holds: ({ headers }) => {
    assert.match(headers['content-type'] ?? '', type)
    assert.equal(headers['set-cookie'], undefined)
  },
})

export const site: readonly Scenario[] = [
  page('shows the list of articles', '/', 200, /<title>/i),
  page('shows the second page', '/?page=2', 200, /<title>/i),
  page('shows one article with its comments', '/article/{slug}', 200, /<title>/i),
  page('shows the form to log in, with its token', '/login', 200, /name="csrf/i),
  page('answers 404 for a page nobody made', '/no/such/page', 404, /not found/i),
  page(
    'shows what has a tag in another script',
    '/?tag=%D0%BA%D0%BD%D0%B8%D0%B3%D0%B8',
    200,
    /книги/,
  ),
  page('escapes a tag that is markup', '/?tag=%3Cb%3E', 200, /Articles about &lt;b&gt;/),
  {
    route: 'settings.show',
    title: 'sends a stranger from the settings to the form to log in',
    url: '/settings',
    status: 302,
    holds: ({ headers }) => {
      assert.equal(headers.location, '/login')
      assert.match(String(headers['set-cookie']), /^PHPSESSID=/)
    },
  },
  page('answers 404 for a picture nobody uploaded', '/avatar/999999', 404, /not found/i),
  file('serves the style sheet', '/assets/style.css', 200, /^text\/css/),
  file('serves the icon', '/assets/icon.svg', 200, /^image\/svg\+xml/),
  {
    ...page('shows the form of the account page, with its token', '/account', 200, /name="csrf/),
    route: 'account',
  },
]
