import assert from 'node:assert/strict'
import { eachLegacy } from '../../contract-tests/lab/each-legacy.ts'
import { openDatabase } from '../../migrations/open-database.ts'

/** The rows of a text as RFC 4180 has it. */
const parseCsv = (text: string): readonly string[][] => {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, cell = '', end] of text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)) {
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

const tricky = 'a "quoted"\r\nline, =1+1; \\" back\\'
const added = 3_000

eachLegacy('php', (legacy) => {
  const ask = (method = 'GET') => fetch(`${legacy().url}/export.csv`, { method })

  before(async () => {
    if (legacy().form === 'embedded') return
    const store = openDatabase(legacy().databaseUrl)
    const at = '2024-05-02 00:00:00'
    const rows = Array.from({ length: added }, (_, i) => ({
      ...{ slug: `more-${i}`, title: i === 0 ? tricky : `More ${i}`, author_id: 1 },
      ...{
        description: 'd',
        body: 'x'.repeat(500),
        view_count: '1',
        created_at: at,
        updated_at: at,
      },
    }))
    await store.getQueryInterface().bulkInsert('articles', rows)
    await store.close()
  })

  it('streams every article, or says that it cannot', async () => {
    const answer = await ask()
    const text = await answer.text()
    if (legacy().form === 'embedded') {
      assert.equal(answer.status, 501)
      assert.match(text, /^The export streams row by row, and .* whole answers only\.\n$/)
      return
    }
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8')
    assert.match(answer.headers.get('content-disposition') ?? '', /filename="articles.csv"/)
    assert.equal(answer.headers.get('content-length'), null)
    const [head, ...rows] = parseCsv(text)
    assert.equal(
      head?.join(),
      'slug,title,author,created_at,updated_at,views,favorites,tags,description,body',
    )
    assert.equal(rows.length, 3 + added)
    assert.deepEqual(rows[0], [
      ...['hello-world', 'Hello <World> & "co"', 'Änn O’Neil', '2024-05-01 12:34:56'],
      ...[
        '2024-05-01 12:34:56',
        '9007199254740993',
        '1',
        'a/b | тег',
        'a/b 😀',
        'line one\nline two',
      ],
    ])
    assert.equal(rows[3]?.[1], tricky)
    assert.ok(rows.every((row) => row.length === 10))
    assert.equal(new Set(rows.map(([slug]) => slug)).size, 3 + added)
  })

  it('answers HEAD without exporting anything', async () => {
    const answer = await ask('HEAD')
    assert.equal(await answer.text(), '')
    assert.equal(answer.status, legacy().form === 'embedded' ? 501 : 200)
  })
})
