import assert from 'node:assert/strict'
import { requestIdIn } from './request-tag.ts'

const long = 'x'.repeat(129)
const body = 'b'.repeat(10_000)

const cases: readonly (readonly [string, string | null])[] = [
  ["INSERT INTO t VALUES (1) /* rid='9f2c-1a' */", '9f2c-1a'],
  ["/* rid='9f2c-1a' */ INSERT INTO t VALUES (1)", '9f2c-1a'],
  ["UPDATE t SET a = 1 /*application='shop',request_id='a.b'*/ ;\n", 'a.b'],
  ['DELETE FROM t /*controller:articles,request_id:a_b*/', 'a_b'],
  [`INSERT INTO t VALUES ('${body}') /* rid='r' */`, 'r'],
  ['INSERT INTO t VALUES (1)', null],
  ["INSERT INTO t VALUES ('/* rid=''other'' */')", null],
  ["INSERT INTO t VALUES ('x /* rid=') /* rid='mine' */", 'mine'],
  ["INSERT INTO t VALUES (1) /* grid='x' */", null],
  ["INSERT INTO t VALUES (1) /* rid='x y' */", null],
  [`INSERT INTO t VALUES (1) /* rid='${long}' */`, null],
  ["INSERT INTO t VALUES (1) /* rid='x' */ -- and more", null],
]

describe('requestIdIn', () => {
  for (const [statement, id] of cases) {
    it(`finds ${id} in ${statement.slice(0, 60)}`, () => {
      assert.equal(requestIdIn(Buffer.from(statement)), id)
    })
  }
})
