import assert from 'node:assert/strict'
import { readRowImages } from './row-images.ts'
import type { ColumnReading } from './row-values.ts'
import { readTableMap } from './table-map.ts'
import { createTransactions, type LoggedWrites } from './transactions.ts'

/** What a server says of the events to come, cut short: four bytes check each of them. */
const format = Buffer.alloc(30)
format.writeUInt8(15, 4)
format.writeUInt32LE(30, 9)
format.writeUInt8(1, 25)

/** The rest is as MariaDB 10.11 sent it. */
const opening = [
  'AAAAAAQBAAAALQAAAAAAAAAgANQGAAAAAAAAbWFyaWFkYi1iaW4uMDAwMDAx',
  format.toString('base64'),
]
/** INSERT INTO articles (title, price, at) VALUES ('One', 12.50, …), then its end. */
const insert = [
  'ySEDa6IBAAAAKgAAAP4GAAAIAAkAAAAAAAAAAAAAAAwAAAAAAAAkN7Dn',
  'ySEDa6ABAAAAfwAAAH0HAAAAAElOU0VSVCBJTlRPIGFydGljbGVzICh0aXRsZSwgcHJpY2UsIGF0KSBWQUxVRVMgKCdPbmUnLCAxMi41MCwgJzIwMjQtMDItMjkgMTI6MzQ6NTYuNzg5JykgLyogcmlkPSdyLTEnICov9jXpRQ==',
  'ySEDaxMBAAAAPgAAALsHAAAAABIAAAAAAAEAB2NvbmR1aXQACGFydGljbGVzAAQDD/YSBVAABgIDDtztR18=',
  'ySEDaxcBAAAANAAAAO8HAAAAABIAAAAAAAEABA/wAQAAAANPbmWADDKZsrrIuB7SEL2jLg==',
]
const end = 'ySEDaxABAAAAHwAAAA4IAAAAAB0AAAAAAAAAwe19PQ=='
const update = [
  'ySEDa6IBAAAAKgAAADgIAAAIAAoAAAAAAAAAAAAAAAwAAAAAAACPGQpb',
  'ySEDa6ABAAAASAAAAIAIAAAAAFVQREFURSBhcnRpY2xlcyBTRVQgdGl0bGUgPSAnVHdvJyAvKiByaWQ9J3ItMicgKi+XaQkp',
  'ySEDaxMBAAAAPgAAAL4IAAAAABIAAAAAAAEAB2NvbmR1aXQACGFydGljbGVzAAQDD/YSBVAABgIDDhwC8kM=',
  'ySEDaxgBAAAASAAAAAYJAAAAABIAAAAAAAEABA8P8AEAAAADT25lgAwymbK6yLge0vABAAAAA1R3b4AMMpmyusi4HtJV4PR7',
  'ySEDaxABAAAAHwAAACUJAAAAAB4AAAAAAAAAknA47A==',
]
/** DELETE FROM articles, of nobody; then DROP TABLE. */
const rest = [
  'ySEDa6IBAAAAKgAAAE8JAAAIAAsAAAAAAAAAAAAAAAwAAAAAAAAT8omQ',
  'ySEDa6ABAAAAKwAAAHoJAAAAAERFTEVURSBGUk9NIGFydGljbGVzs4o4jg==',
  'ySEDaxMBAAAAPgAAALgJAAAAABIAAAAAAAEAB2NvbmR1aXQACGFydGljbGVzAAQDD/YSBVAABgIDDlTHTBY=',
  'ySEDaxkBAAAANAAAAOwJAAAAABIAAAAAAAEABA/wAQAAAANUd2+ADDKZsrrIuB7SwSgO1w==',
  'ySEDaxABAAAAHwAAAAsKAAAAAB8AAAAAAAAAmjGnmw==',
  'ySEDa6IBAAAAKgAAADUKAAAIAAwAAAAAAAAAAAAAACkAAAAAAADqgVXw',
  'ySEDawIBAAAAfgAAALMKAAAEAAkAAAAAAAAABwAAIwAAAAAAAQEIACBUAAAAAAYDc3RkBC4ALgAuAIEgAAAAAAAAAGNvbmR1aXQARFJPUCBUQUJMRSBgYXJ0aWNsZXNgIC8qIGdlbmVyYXRlZCBieSBzZXJ2ZXIgKi9a2Z1I',
]
/** INSERT INTO odd2 (v) VALUES (1), as MySQL 9.7 sent it on 23 November 2026, at 04:45:33. */
const ofMysql = [
  '7MQDayEBAAAATwAAANMMAAAAAAC0rQTq5vgR8bxUAvwAAAABDQAAAAAAAAACDAAAAAAAAAANAAAAAAAAAJMFlkPqYAb8YgFQYgEA8POHyQ==',
  '7MQDawIBAAAATgAAACENAAAIAAkAAAAAAAAABwAAHQAAAAAAAAEoAKBFAAAAAAYDc3RkBOAA4AAuABL/AGNvbmR1aXQAQkVHSU64Z11U',
  '7MQDax0BAAAARwAAAGgNAACAAABJTlNFUlQgSU5UTyBvZGQyICh2KSBWQUxVRVMgKDEpIC8qIHJpZD0nci0xJyAqL305t0M=',
  '7MQDaxMBAAAANgAAAJ4NAAAAAHEAAAAAAAEAB2NvbmR1aXQABG9kZDIAAgEDAAIBAQD51JLJ',
  '7MQDax4BAAAAKQAAAMcNAAAAAHEAAAAAABEAAgAC/wABAQAAABFSDuc=',
  '7MQDaxABAAAAHwAAAOYNAAAAABAAAAAAAAAAjDzH4A==',
]
const start = { file: 'mariadb-bin.000001', offset: 1748 }

const read = (events: readonly string[], limitBytes = 10_000) => {
  const heard: LoggedWrites[] = []
  const counts = { untagged: 0, schema: 0 }
  const transactions = createTransactions({
    ...{ from: start, limitBytes, onWrites: (writes) => heard.push(writes) },
    onUntagged() {
      counts.untagged += 1
    },
    onSchema() {
      counts.schema += 1
    },
  })
  for (const event of events) transactions.take(Buffer.from(event, 'base64'))
  return { heard, counts, transactions }
}

const imagesOf = ({ rows: [first] }: LoggedWrites): unknown => {
  if (first === undefined) return null
  const { columns } = readTableMap(first.map)
  const text = (bytes: Buffer): string => bytes.toString()
  const reading = columns.map((column): ColumnReading => {
    return { ...column, isUnsigned: false, zeroFill: 0, names: [], text }
  })
  return readRowImages(first.body, first.kind, reading)
}

const at = '2024-02-29 12:34:56.789'

describe('the events of a binary log', () => {
  it('come to what each transaction did for which request', () => {
    const { heard, counts, transactions } = read([...opening, ...insert, end, ...update, ...rest])
    assert.deepEqual(
      heard.map(({ request, start: { offset }, unread }) => [request, offset, unread]),
      [
        ['r-1', 1748, null],
        ['r-2', 2062, null],
      ],
    )
    assert.deepEqual(heard.map(imagesOf), [
      [{ before: null, after: ['1', 'One', '12.50', at] }],
      [{ before: ['1', 'One', '12.50', at], after: ['1', 'Two', '12.50', at] }],
    ])
    assert.deepEqual(counts, { untagged: 2, schema: 1 })
    assert.deepEqual(transactions.position(), { ...start, offset: 2739 })
  })

  it('name where to go on: before the transaction that is not over', () => {
    const { heard, transactions } = read([...opening, ...insert])
    assert.deepEqual(heard, [])
    assert.deepEqual(transactions.resumeAt(), start)
    transactions.take(Buffer.from(end, 'base64'))
    assert.deepEqual(transactions.resumeAt(), { ...start, offset: 2062 })
  })

  it('are not kept beyond the limit of a transaction, which is known', () => {
    const { heard } = read([...opening, ...insert, end], 10)
    assert.deepEqual(
      heard.map(({ rows, unread }) => [rows.length, unread]),
      [[0, 'it changes more rows than are kept']],
    )
  })

  for (const [what, type] of [
    ['compressed as a whole', 40],
    ['lost', 26],
  ] as const) {
    it(`belong to no request that is known where they are ${what}`, () => {
      const event = Buffer.from(insert[3] ?? '', 'base64')
      event.writeUInt8(type, 4)
      const { heard, counts } = read([...opening, insert[0] ?? '', event.toString('base64')])
      assert.deepEqual([heard, counts.untagged], [[], 1])
    })
  }

  it('tell of MySQL when a transaction was written, and of MariaDB nothing of that', () => {
    const opened = [opening[1] ?? '', ...ofMysql]
    const [{ request, start: of } = {}] = read(opened).heard
    assert.equal(request, 'r-1')
    const at = new Date((of?.writtenAt?.micros ?? 0) / 1_000).toISOString()
    assert.match(at, /^2026-11-23T04:45:3/)
    const [of10] = read([...opening, ...insert, end]).heard
    assert.equal(of10?.start.writtenAt, null)
  })

  it('are refused where they are broken', () => {
    const broken = Buffer.from(insert[1] ?? '', 'base64').subarray(0, 60)
    assert.throws(() => read([...opening, broken.toString('base64')]), RangeError)
    const map = Buffer.from(insert[2] ?? '', 'base64').subarray(19, 40)
    assert.throws(() => readTableMap(map), RangeError)
  })
})
