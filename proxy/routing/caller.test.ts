import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import type { CallerSource } from '../config/caller-source.ts'
import { callerKey } from './caller.ts'

const jwt = (payload: unknown): string =>
  `e30.${Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)).toString('base64url')}.sig`
const auth = (scheme: string, payload: unknown): string[] => [
  'Authorization',
  `${scheme} ${jwt(payload)}`,
]
const latin1 = (text: string): string => Buffer.from(text).toString('latin1')

const sources: readonly CallerSource[] = [
  { from: 'claim', name: 'sub' },
  { from: 'header', name: 'x-user-id' },
  { from: 'cookie', name: 'uid' },
]
// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, readonly string[], string | null])[] = [
  ['finds nothing in nothing',                    [],                                                             null],
  ['reads a claim of a bearer token',             auth('Bearer', { sub: 'ana' }),                                 'ana'],
  ['reads a claim after any scheme that has one', auth('tOKEN', { sub: 'ana' }),                                  'ana'],
  ['reads a number in a claim',                   auth('Bearer', { sub: 42 }),                                    '42'],
  ['reads a claim beyond ASCII',                  auth('Bearer', { sub: 'añá' }),                                 'añá'],
  ['takes the first source that is present',      [...auth('Bearer', { sub: 'ana' }), 'X-User-Id', 'bob'],        'ana'],
  ['goes on where a claim is missing',            [...auth('Bearer', { id: 1 }), 'X-User-Id', 'bob'],             'bob'],
  ['goes on where a claim is an object',          [...auth('Bearer', { sub: {} }), 'X-User-Id', 'bob'],           'bob'],
  ['goes on where a payload is no JSON',          [...auth('Bearer', '{"sub":'), 'X-User-Id', 'bob'],             'bob'],
  ['goes on where a payload is null',             [...auth('Bearer', 'null'), 'X-User-Id', 'bob'],                'bob'],
  ['goes on where a token is no JWT',             ['authorization', 'Bearer abc', 'X-User-Id', 'bob'],            'bob'],
  ['does not read other schemes',                 auth('Basic', { sub: 'ana' }),                                  null],
  ['does not read inherited names',               auth('Bearer', '{"__proto__":{"sub":"ana"}}'),                  null],
  ['trims a header',                              ['X-USER-ID', '  bob '],                                        'bob'],
  ['reads a header as UTF-8',                     ['x-user-id', latin1('añá')],                                   'añá'],
  ['takes an empty header for absent',            ['x-user-id', ' ', 'cookie', 'uid=carl'],                       'carl'],
  ['reads a cookie among others',                 ['Cookie', 'auid=1; uid=carl; uid=dora'],                       'carl'],
  ['reads a cookie of a second line',             ['cookie', 'a=1', 'Cookie', 'b=2;uid=carl=x'],                  'carl=x'],
  ['takes a valueless cookie for none',           ['cookie', 'uid; uid2=1'],                                      null],
]

describe('callerKey', () => {
  for (const [title, headers, key] of cases) {
    it(title, () => assert.equal(callerKey({ headers }, sources), key))
  }

  it('finds nothing without sources', () => {
    assert.equal(callerKey({ headers: ['x-user-id', 'ana'] }, []), null)
  })
})
