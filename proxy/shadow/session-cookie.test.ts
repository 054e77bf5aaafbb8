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
  [true,  'Cookie', 'my-shop-session=x'],
  [true,  'Cookie', '_my-app_session=x'],
  [true,  'Cookie', 'SESS49960de5880e8c687434170f6476605b=x'],
  [true,  'Cookie', 'SSESS49960de5880e8c687434170f6476605b=x'],
  [true,  'Cookie', 'MoodleSessionprod=x'],
  [true,  'Cookie', 'phpbb3_x_sid=x'],
  [true,  'Cookie', 'sid=x'],
  [true,  'Cookie', 'CAKEPHP=x'],
  [true,  'Cookie', 'advanced-frontend=x'],
  [true,  'Cookie', 'frontend=x'],
  [true,  'Cookie', 'fe_typo_user=x'],
  [true,  'Cookie', 'JSESSIONID=x'],
  [true,  'Cookie', 'ASP.NET_SessionId=x'],
  [false, 'Cookie', 'side=left; theme=sess; _ga=GA1.1.1'],
  [false, 'Cookie', '_hjSession_1=x; _hjSessionUser_1=y'],
  [false, 'Cookie', 'sessionCookieConsent=x; assessment=y; session_token_seen=z'],
  [false, 'Cookie', 'PHPSESSID'],
  [false, 'Cookie', 'theme=dark; lang=en'],
  [false, 'Cookie', 'a=PHPSESSID'],
  [false, 'X-Cookie', 'PHPSESSID=abc'],
  [false],
]

describe('carriesSession', () => {
  for (const [expected, ...headers] of cases) {
    it(`says ${expected} of ${headers.join(': ') || 'no cookie'}`, () => {
      assert.equal(carriesSession(headers, {}), expected)
    })
  }

  it('knows every cookie that changes at login', () => {
    for (const name of rotatingCookies)
      assert.equal(carriesSession(['Cookie', `${name}=x`], {}), true)
  })

  it('reads each name once, however long and whatever is in it', () => {
    const route = { sessionCookies: ['*a*b*c*d*'] }
    const spaces = ' '.repeat(15_000)
    for (const name of [
      `a=b;${spaces}${'sess'.repeat(3_000)}${spaces}x`,
      'ab'.repeat(30_000),
      'sess'.repeat(15_000),
    ])
      assert.equal(carriesSession(['Cookie', `${name}=x`], route), false)
  })

  it('reads no more cookies than a browser sends, and takes more of them for a session', () => {
    const lines = (count: number): string[] =>
      Array.from({ length: count / 100 }, () => ['Cookie', `${'a=b;'.repeat(99)}a=b`]).flat()
    assert.equal(carriesSession(lines(300), {}), false)
    assert.equal(carriesSession([...lines(300), 'cookie', 'a=b'], {}), true)
    assert.equal(carriesSession(['cookie', 'a=;'.repeat(20_000)], {}), true)
  })

  it('knows those that the route names, besides the usual ones', () => {
    const route = { sessionCookies: ['visitor', 'tx.*-id'] }
    for (const name of ['visitor', 'tx.7-id', 'TX.-ID', 'PHPSESSID'])
      assert.equal(carriesSession(['Cookie', `a=b; ${name}=x`], route), true, name)
    for (const name of ['visitors', 'txx7-id', 'tx.7-ids', 'a=visitor'])
      assert.equal(carriesSession(['Cookie', `${name}=x`], route), false, name)
  })
})
