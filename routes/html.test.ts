import assert from 'node:assert/strict'
import { html, type Markup, type Piece, renderHtml } from './html.ts'

describe('html', () => {
  const cases: readonly (readonly [string, Markup, string])[] = [
    [
      'text',
      html`<b>${'<script>alert(1)</script>'}</b>`,
      '<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>',
    ],
    ['both quotes in an attribute', html`<a title="${`"'`}">`, '<a title="&quot;&#039;">'],
    ['an ampersand once, and again', html`${'&amp;'}`, '&amp;amp;'],
    ['numbers', html`<i>${9_007_199_254_740_991}</i>`, '<i>9007199254740991</i>'],
    ['nothing for null', html`<i>${null}</i>`, '<i></i>'],
    ['a list, piece by piece', html`${['<', html`<br>`, ['>']]}`, '&lt;<br>&gt;'],
    ['markup as it stands', html`<p>${html`<b>${'&'}</b>`}</p>`, '<p><b>&amp;</b></p>'],
    ['an escape of JavaScript once', html`\u00b7\n`, '·\n'],
    ['every script', html`${'Ж中🦊\u2028'}`, 'Ж中🦊\u2028'],
  ]
  for (const [title, markup, expected] of cases) {
    it(`puts in ${title}`, () => assert.equal(renderHtml(markup), expected))
  }

  it('takes nothing for markup that it did not make', () => {
    const parsed = JSON.parse('{"source":"<b>","Symbol(source)":"<b>"}') as Piece
    assert.throws(() => html`${parsed}`, TypeError)
  })
})
