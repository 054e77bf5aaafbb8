import assert from 'node:assert/strict'
import { type Comparison, compare } from './compare.ts'
import { observed } from './observed.ts'
import { parseRules } from './rules.ts'
import { builtInRules } from './rulesets.ts'

const compared = (
  type: string,
  legacy: string,
  modern: string,
  rules: readonly object[] = [],
): Comparison =>
  compare(
    observed('legacy', { headers: ['Content-Type', type], body: legacy }),
    observed('modern', { headers: ['Content-Type', type], body: modern }),
    parseRules(
      rules.map((rule) => ({ why: 'a test', ...rule })),
      'test',
    ).rules,
  )

const found = ({ differences }: Comparison): string[] =>
  differences.map(({ path, kind }) => `${kind} ${path}`)

/** Two bodies of pages, and every difference between them. */
const pages: [string, string, string, string[]][] = [
  [
    'white space, comments, quotes and the order of attributes',
    '<p class="b a" id=x>one\n  two</p><!-- 1 -->',
    "<p id='x' class='a  b'>one two</p>",
    [],
  ],
  ['references', '<p>&eacute;&amp;</p>', '<p>é&#38;</p>', []],
  ['tags that may be left out', '<ul><li>a<li>b</ul>', '<ul><li>a</li><li>b</li></ul>', []],
  [
    'white space in pre',
    '<pre>a\n b</pre>',
    '<pre>a b</pre>',
    ['value /html[1]/body[1]/pre[1]/#text[1]'],
  ],
  [
    'indentation, and spaces beside blocks and breaks',
    '<ul>\n  <li> <a>x</a> </li>\n</ul> <p> one <br> two </p>',
    '<ul><li><a>x</a></li></ul><p>one<br>two</p>',
    [],
  ],
  ['comments amid words', '<p>Hello <!-- 1 -->world<!-- 2 -->!</p>', '<p>Hello world!</p>', []],
  [
    'a space that never breaks',
    '<p>&nbsp;x</p>',
    '<p>x</p>',
    ['value /html[1]/body[1]/p[1]/#text[1]'],
  ],
  ['how a doctype is written', '<!DOCTYPE html><p>x</p>', '<!doctype HTML >\n<p>x</p>', []],
  ['a doctype that is gone', '<!doctype html><p>x</p>', '<p>x</p>', ['missing /!doctype[1]']],
  ['spaces between words', '<p>a\n <b>b</b>  <i>c</i> d</p>', '<p>a <b>b</b> <i>c</i> d</p>', []],
  [
    'words that were joined',
    '<p>Hello <b>Bob</b>, and <i>all</i> <u>others</u></p>',
    '<p>Hello<b>Bob</b>, and <i>all</i><u>others</u></p>',
    ['value /html[1]/body[1]/p[1]/#text[1]', 'missing /html[1]/body[1]/p[1]/#text[3]'],
  ],
  [
    'attributes that say yes',
    '<input checked="checked" DISABLED><option selected=selected>',
    '<input checked disabled=""><option selected>',
    [],
  ],
  [
    'an attribute that says yes no more',
    '<input checked>',
    '<input>',
    ['missing /html[1]/body[1]/input[1]/@checked'],
  ],
  ['text', '<p>one</p>', '<p>two</p>', ['value /html[1]/body[1]/p[1]/#text[1]']],
  [
    'an attribute',
    '<a href="/1" rel="x">1</a>',
    '<a href="/2" class="c">1</a>',
    [
      'value /html[1]/body[1]/a[1]/@href',
      'missing /html[1]/body[1]/a[1]/@rel',
      'extra /html[1]/body[1]/a[1]/@class',
    ],
  ],
  [
    'an element more',
    '<ul><li>a<li>b<li>c</ul>',
    '<ul><li>a<li>new<li>b<li>c</ul>',
    ['extra /html[1]/body[1]/ul[1]/li[2]'],
  ],
  [
    'an element that moved',
    '<p>a</p><p>b</p>',
    '<p>b</p><p>a</p>',
    ['missing /html[1]/body[1]/p[1]', 'extra /html[1]/body[1]/p[2]'],
  ],
  [
    'another element',
    '<b>a</b>',
    '<i>a</i>',
    ['missing /html[1]/body[1]/b[1]', 'extra /html[1]/body[1]/i[1]'],
  ],
  [
    'the digest of an asset',
    '<script src="/app-3f2a91c0.js"></script>',
    '<script src="/app-77e01b2d.js"></script>',
    ['spelling /html[1]/head[1]/script[1]/@src'],
  ],
  [
    'script',
    '<script>a < b</script>',
    '<script>a > b</script>',
    ['value /html[1]/head[1]/script[1]/#text[1]'],
  ],
]

const documents: [string, string, string, string[]][] = [
  [
    'prefixes, layout, CDATA and the order of attributes',
    '<a xmlns="u"><b x="1" y="2">&lt;</b></a>',
    '<?xml version="1.0"?>\n<n:a xmlns:n="u">\n  <n:b y="2" x="1"><![CDATA[<]]></n:b>\n</n:a>',
    [],
  ],
  ['a namespace', '<a xmlns="u"/>', '<a xmlns="v"/>', ['value /a[1]/@xmlns']],
  ['text', '<a><b>1</b></a>', '<a><b>2</b></a>', ['value /a[1]/b[1]/#text[1]']],
  ['a document that is not well-formed', '<a/>', '<a>', ['unreadable ']],
  ['two that are not', '<a>', '<b>', ['value /line[1]']],
  [
    'an entity that would expand for ever',
    '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>',
    '<a>bb</a>',
    ['unreadable '],
  ],
]

describe('comparing markup', () => {
  for (const [title, legacy, modern, expected] of pages)
    it(`finds ${expected.length === 0 ? 'no difference in ' : ''}${title}, in HTML`, () => {
      assert.deepEqual(found(compared('text/html', legacy, modern)), expected)
    })

  for (const [title, legacy, modern, expected] of documents)
    it(`finds ${expected.length === 0 ? 'no difference in ' : ''}${title}, in XML`, () => {
      assert.deepEqual(found(compared('application/xml', legacy, modern)), expected)
    })

  it('lets a rule name an element by an attribute', () => {
    const page = (token: string): string =>
      `<form><input name="q" value="1"><input name=_token value="${token}"></form>`
    const rules = [{ ignore: '/**/input[name=_token]/@value' }]
    assert.deepEqual(found(compared('text/html', page('abc1'), page('def2'), rules)), [])
    assert.deepEqual(found(compared('text/html', page('abc1'), page(''), rules)), [
      'shape /html[1]/body[1]/form[1]/input[2]/@value',
    ])
  })

  it('knows the tokens of Rails pages', () => {
    const page = (token: string) =>
      observed('legacy', {
        headers: ['Content-Type', 'text/html'],
        body: `<meta name="csrf-token" content="${token}">`,
      })
    const { outcome, excused } = compare(page('a1b2'), page('c3d4'), builtInRules('ruby') ?? [])
    assert.deepEqual([outcome, excused.map(({ rule }) => rule)], ['equivalent', ['ruby#5']])
  })

  it('compares pages that are nested 100 000 deep as text, without overflowing', () => {
    const page = (end: string): string => `${'<div>'.repeat(100_000)}${end}`
    assert.deepEqual(found(compared('text/html', page('a'), page('b'))), ['value /line[1]'])
    assert.equal(compared('text/xml', page('a'), page('b')).outcome, 'mismatch')
  }).timeout(30_000)
})
