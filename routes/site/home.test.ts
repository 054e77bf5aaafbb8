import assert from 'node:assert/strict'
import { addHostileArticles } from '../../contract-tests/hostile-articles.ts'
import { describeEachSite } from '../../contract-tests/lab/each-site.ts'
import { probeMariadb } from '../../contract-tests/lab/native.ts'

/** 3 articles of tiny-data.ts and 24 hostile ones. */
const total = 27

const titles = (text: string): number => text.match(/<h2>/g)?.length ?? 0
const links = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/<a rel="(\w+)" href="([^"]*)"/g)].map(([, rel = '', to = '']) => [rel, to]),
  )

describeEachSite('home.show', await probeMariadb(), (site) => {
  before(async function () {
    this.timeout(20_000)
    await addHostileArticles(site.databaseUrl())
  })

  const show = async (path: string): Promise<string> => {
    const { status, text } = await site.stranger().visit(path)
    assert.equal(status, 200)
    return text
  }

  for (const [path, page, shown, to] of [
    ['/', 1, 10, { next: '/?page=2' }],
    ['/?page=2', 2, 10, { prev: '/', next: '/?page=3' }],
    ['/?page=3', 3, 7, { prev: '/?page=2' }],
    ['/?page=4', 3, 7, { prev: '/?page=2' }],
    ['/?page=99999999999999999999', 3, 7, { prev: '/?page=2' }],
    ['/?page=0', 1, 10, { next: '/?page=2' }],
    ['/?page=-1', 1, 10, { next: '/?page=2' }],
    ['/?page=two', 1, 10, { next: '/?page=2' }],
    ['/?page[]=2', 1, 10, { next: '/?page=2' }],
  ] as const) {
    it(`shows page ${page} for ${path}`, async () => {
      const text = await show(path)
      assert.ok(text.includes(`${total} articles, page ${page} of 3`))
      assert.equal(titles(text), shown)
      assert.deepEqual(links(text), to)
    })
  }

  it('keeps the tag from page to page', async () => {
    assert.deepEqual(links(await show('/?tag=many')), { next: '/?tag=many&amp;page=2' })
    assert.deepEqual(links(await show("/?page=2&tag=~!'()*%20%2B")), {
      prev: '/?tag=%7E%21%27%28%29%2A+%2B',
      next: '/?tag=%7E%21%27%28%29%2A+%2B&amp;page=3',
    })
  })

  it('shows that nothing has a tag', async () => {
    const text = await show('/?tag=none')
    assert.match(text, /0 articles, page 1 of 1/)
    assert.deepEqual([titles(text), links(text)], [0, {}])
  })

  it('counts views past 2^53', async () => {
    assert.match(await show('/'), /9,007,199,254,740,993 views, 1 favorites/)
  })

  it('escapes a tag, titles, names and addresses', async () => {
    assert.match(await show('/?tag=%3Cscript%3E'), /<h1>Articles about &lt;script&gt;<\/h1>/)
    for (const path of ['/', '/?page=2', '/?page=3']) {
      const text = await show(path)
      assert.doesNotMatch(text, /<script|<img|<!--|href="javascript/)
      assert.equal(text.match(/<title>/g)?.length, 1)
    }
  })
})
