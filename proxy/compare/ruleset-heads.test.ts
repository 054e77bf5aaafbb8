import assert from 'node:assert/strict'
import { compare } from './compare.ts'
import { observed } from './observed.ts'
import { builtInRules } from './rulesets.ts'

const cookie = (text: string): string[] => ['Set-Cookie', text]

const uncached = [
  ...['Expires', 'Thu, 19 Nov 1981 08:52:00 GMT'],
  ...['Cache-Control', 'no-store, no-cache, must-revalidate'],
  ...['Pragma', 'no-cache'],
]

/** Heads of legacy and modern, and whether `php` makes them equivalent. */
const heads: [string, string[], string[], boolean][] = [
  [
    'an id of a session',
    cookie('PHPSESSID=0a1b2c3d4e5f; path=/'),
    cookie('PHPSESSID=ffffffffff01; path=/'),
    true,
  ],
  [
    'a token of Laravel',
    cookie('XSRF-TOKEN=eyJpdiI6Ik5X'),
    cookie('XSRF-TOKEN=eyJpdiI6IkZZ'),
    true,
  ],
  [
    'a session of Laravel',
    cookie('laravel_session=eyJpdiI6Ik5X'),
    cookie('laravel_session=eyJpdiI6IkZZ'),
    true,
  ],
  ['a session without an id', cookie('PHPSESSID=0a1b2c3d4e5f'), cookie('PHPSESSID='), false],
  [
    'a session that scripts may read',
    cookie('PHPSESSID=0a1b2c; HttpOnly'),
    cookie('PHPSESSID=0a1b2d'),
    false,
  ],
  [
    'a session that ends with its time',
    cookie('PHPSESSID=0a1b2c'),
    cookie('PHPSESSID=0a1b2d; Max-Age=60'),
    false,
  ],
  ['no session at all', cookie('PHPSESSID=0a1b2c'), [], false],
  ['another cookie', cookie('cart=0a1b2c'), cookie('cart=0a1b2d'), false],
  ['what session_start() says of caches', uncached, [], true],
  ['other words on caches', uncached, ['Cache-Control', 'public, max-age=60'], false],
  ['an end of another time', ['Expires', 'Thu, 19 Nov 2026 08:52:00 GMT'], [], false],
  ['words on caches that modern alone has', [], uncached, false],
]

describe('the ruleset php, on heads', () => {
  for (const [title, legacy, modern, isExcused] of heads)
    it(`${isExcused ? 'overlooks' : 'does not overlook'} ${title}`, () => {
      const sides = [
        observed('legacy', { headers: legacy }),
        observed('modern', { headers: modern }),
      ] as const
      assert.equal(compare(...sides).outcome, 'mismatch')
      const { outcome } = compare(...sides, builtInRules('php') ?? [])
      assert.equal(outcome, isExcused ? 'equivalent' : 'mismatch')
    })
})
