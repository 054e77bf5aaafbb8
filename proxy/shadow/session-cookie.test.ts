import assert from 'node:assert/strict'
import { carriesSession, rotatingCookies } from './session-cookie.ts'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [boolean, ...string[]])[] = [
  [true,  'Cookie', 'PHPSESSID=abc'],
  [true,  'cookie', 'theme=dark; PHPSESSID=abc'],
  [true,  'Cookie', 'theme=dark', 'Cookie', 'PHPSESSID=abc'],
  [true,  'Cookie', '_conduit_session=x'],
  [true,  'Cookie', '_session_id=x'],
  [true,  'Cookie', 'rack.session=x'],
  [true,  'Cookie', 'laravel_session=x'],
  [true,  'Cookie', 'ci_session=x'],
  [true,  'Cookie', '__Host-PHPSESSID=x'],
  [true,  'Cookie', 'sessionid=x'],
  [false, 'Cookie', 'theme=dark; lang=en'],
  [false, 'Cookie', 'a=PHPSESSID'],
  [false, 'X-Cookie', 'PHPSESSID=abc'],
  [false],
]

describe('carriesSession', () => {
  for (const [expected, ...headers] of cases) {
    it(`says ${expected} of ${headers.join(': ') || 'no cookie'}`, () => {
      assert.equal(carriesSession(headers), expected)
    })
  }

  it('knows every cookie that changes at login', () => {
    for (const name of rotatingCookies) assert.equal(carriesSession(['Cookie', `${name}=x`]), true)
  })
})
