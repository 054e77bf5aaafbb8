import assert from 'node:assert/strict'
import { adminOf } from './admin-of.ts'

const builtIn = { host: '127.0.0.1', port: 9901 }

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [string, string, Partial<typeof builtIn>])[] = [
  ['a key that does not exist',     'admin: { port: 7001 }\nnonsense: 1\n',                         { port: 7001 }],
  ['a flow map that does not end',  'admin: { port: 7002 }\nroutes: { rest: { match: /*\n',         { port: 7002 }],
  ['a block map',                   'admin:\n  host: ::1\n  # why\n  port: 7003\nroutes: [\n',      { host: '::1', port: 7003 }],
  ['another key of its own',        'admin: { port: 7004, nonsense: 1, host: 5 }\n',                { port: 7004 }],
  ['a variable',                    `admin: { port: "\${PORT}" }\nroutes: [\n`,                     { port: 7005 }],
  ['a port that is none',           'admin: { port: none }\n',                                      {}],
  ['no address at all',             'routes: [\n',                                                  {}],
  ['a value that is no map',        'admin: 7006\n',                                                {}],
  ['nothing',                       '',                                                             {}],
  ['no map',                        '- admin: { port: 7007 }\n',                                    {}],
]

describe('the address of the admin port in a broken config', () => {
  for (const [name, text, wanted] of cases) {
    it(`is read beside ${name}`, () => {
      const source = { file: 'banyan.yaml', text }
      assert.deepEqual(adminOf(source, { PORT: '7005' }), { ...builtIn, ...wanted })
    })
  }
})
