import assert from 'node:assert/strict'
import type { Scenario } from './scenario.ts'

const page = (title: string, url: string, status: number, expected: RegExp): Scenario => ({
  route: 'rest',
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

export const site: readonly Scenario[] = [
  page('shows the list of articles', '/', 200, /<title>/i),
  page('shows the second page', '/?page=2', 200, /<title>/i),
  page('shows one article with its comments', '/article/{slug}', 200, /<title>/i),
  page('shows the form to log in, with its token', '/login', 200, /name="csrf/i),
  page('answers 404 for a page nobody made', '/no/such/page', 404, /not found/i),
]
