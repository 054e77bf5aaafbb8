import assert from 'node:assert/strict'
import { absoluteStoreUrl, parseStoreUrl } from './store-url.ts'

const mysql = { form: 'mysql', host: 'db', port: 3306, user: 'u', password: '', database: 'b' }

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, object | null])[] = [
  ['sqlite:./var/a.db',           { form: 'sqlite', file: './var/a.db' }],
  ['sqlite:///srv/a.db',          { form: 'sqlite', file: '/srv/a.db' }],
  ['mysql://u@db/b',              mysql],
  ['mysql://u:p%40@db:3307/b',    { ...mysql, port: 3307, password: 'p@' }],
  ['mysql://db/b',                null],
  ['mysql://u@db',                null],
  ['mysql://u:%zz@db/b',          null],
  ['postgres://u@db/b',           null],
  ['sqlite:',                     null],
  ['banyan.db',                   null],
]

describe('the address of a store', () => {
  for (const [url, expected] of cases)
    it(`is ${expected === null ? 'none' : 'read'} in ${url}`, () =>
      assert.deepEqual(parseStoreUrl(url), expected))

  it('names a file relative to the config', () => {
    assert.equal(absoluteStoreUrl('sqlite:./a.db', '/srv/etc'), 'sqlite:/srv/etc/a.db')
    assert.equal(absoluteStoreUrl('sqlite:/a.db', '/srv/etc'), 'sqlite:/a.db')
    assert.equal(absoluteStoreUrl('mysql://u@db/b', '/srv/etc'), 'mysql://u@db/b')
  })
})
