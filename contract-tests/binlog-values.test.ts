/** Rows as the binary log of a real server has them, read as that server itself writes them. */
import { deepEqual } from 'node:assert/strict'
import { emptyOverlay, touch } from '../proxy/shadow/writes/overlay.ts'
import { type BinlogLab, startBinlogLab } from './binlog-lab.ts'
import { describeWith } from './lab/left-out.ts'
import { probeMariadb } from './lab/native.ts'

/** A column of each type, and values of it. */
const samples: readonly (readonly [string, ...string[]])[] = [
  ['TINYINT', '-128', '127'],
  ['TINYINT UNSIGNED', '255'],
  ['SMALLINT', '-32768'],
  ['MEDIUMINT', '-8388608', '8388607'],
  ['MEDIUMINT UNSIGNED', '16777215'],
  ['INT', '-2147483648'],
  ['INT(6) UNSIGNED ZEROFILL', '42'],
  ['BIGINT', '-9223372036854775808', '9007199254740993'],
  ['BIGINT UNSIGNED', '18446744073709551615'],
  ['FLOAT', '0.1', '-1.5e10', '3'],
  ['DOUBLE', '0.1', '2.25e30', '-1e-7', '123456789.125'],
  ['DECIMAL(20, 6)', '-1234567.123456', '0', '99999999999999.999999', '-0.000001'],
  ['DECIMAL(5, 5)', '0.12345', '-0.00001'],
  ['DECIMAL(9)', '-123456789'],
  ['DECIMAL(65, 30)', '12345678901234567890123456789012345.678901234567890123456789012345'],
  ['DATE', "'2024-02-29'", "'0000-00-00'", "'9999-12-31'"],
  ['DATETIME', "'2024-02-29 23:59:59'", "'0000-00-00 00:00:00'"],
  ['DATETIME(1)', "'2024-02-29 23:59:59.7'"],
  ['DATETIME(3)', "'2024-02-29 23:59:59.007'"],
  ['DATETIME(6)', "'2024-02-29 23:59:59.000007'"],
  ['TIMESTAMP NULL', "'2024-07-01 12:00:00'", "'1999-12-31 23:59:59'"],
  ['TIMESTAMP(5) NULL', "'2024-07-01 12:00:00.12345'"],
  ['TIME', "'-838:59:59'", "'12:34:56'", "'-00:00:01'"],
  ['TIME(2)', "'-00:00:01.25'", "'100:00:00.05'"],
  ['TIME(6)', "'-12:34:56.000001'", "'12:34:56.654321'"],
  ['YEAR', '2024', '1901', '0'],
  ['CHAR(10)', "'ab'", "''"],
  ['CHAR(200)', "'wide ✓'"],
  ['VARCHAR(20)', "'😀 é'", "''"],
  ['VARCHAR(2000)', "'long'"],
  ['VARCHAR(20) CHARACTER SET latin1', "'é€'"],
  ['TEXT', "'text'", "''"],
  ['LONGTEXT', "'long text'"],
  ['JSON', '\'{"a": [1, "ü"]}\''],
  ["ENUM('x', 'y''z', 'é')", "'x'", "'y''z'", "'é'"],
  ['BOOLEAN', 'TRUE'],
]

/** Exponents are written in more than one way. */
const written = (type: string, value: string | null): unknown =>
  value !== null && /FLOAT|DOUBLE/.test(type) ? Number(value) : value

const found = await probeMariadb()

describeWith({ mariadb: found }, 'a value in the binary log', function (this: Mocha.Suite) {
  this.timeout(60_000)
  let lab: BinlogLab

  before(async function () {
    this.timeout(90_000)
    lab = await startBinlogLab()
  })
  after(() => lab?.close())

  for (const [n, [type, ...values]] of samples.entries()) {
    it(`is read as the server writes it: ${type}`, async () => {
      const { run, differences, link } = lab
      const table = `sample_${n}`
      await run(`CREATE TABLE ${table} (id INT PRIMARY KEY, v ${type})`)
      const rows = [...values, 'NULL'].map((value, id) => `(${id}, ${value})`)
      await run("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'")
      const insert = `INSERT INTO ${table} VALUES ${rows.join(', ')}`
      const missing = await differences(emptyOverlay, insert)
      deepEqual(
        missing.map(({ place, kind }) => `${kind} ${place}`),
        rows.map(() => `missing ${table}/insert`),
      )
      const facts = await lab.factsOf(table)
      const held = await link.ask(`SELECT * FROM ${table}`)
      const same = held.reduce((all, row) => touch(all, facts, null, row), emptyOverlay)
      await run(`DELETE FROM ${table}`)
      deepEqual(await differences(same, insert), [])
      const wrong = held.map(([id, value]) => [id ?? null, value === null ? '1' : null])
      const other = wrong.reduce((all, row) => touch(all, facts, null, row), emptyOverlay)
      await run(`DELETE FROM ${table}`)
      const all = await differences(other, insert)
      deepEqual(
        all.map(({ legacy }) => written(type, legacy)),
        held.map(([, value]) => written(type, value ?? null)),
      )
    })
  }
})
