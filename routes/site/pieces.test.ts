import assert from 'node:assert/strict'
import { html, renderHtml } from '../html.ts'
import { grouped, picture, queryValue, segment, withBreaks } from './pieces.ts'

describe('segment and queryValue', () => {
  for (const [text, asSegment, asValue] of [
    ['a b', 'a%20b', 'a+b'],
    ['a+b/c?d&e=f', 'a%2Bb%2Fc%3Fd%26e%3Df', 'a%2Bb%2Fc%3Fd%26e%3Df'],
    ["~!'()*-_.", '~%21%27%28%29%2A-_.', '%7E%21%27%28%29%2A-_.'],
    ['тег', '%D1%82%D0%B5%D0%B3', '%D1%82%D0%B5%D0%B3'],
    ['"<>', '%22%3C%3E', '%22%3C%3E'],
  ] as const) {
    it(`write ${text} as PHP does`, () => {
      assert.deepEqual([segment(text), queryValue(text)], [asSegment, asValue])
    })
  }
})

describe('grouped', () => {
  for (const [digits, expected] of [
    ['0', '0'],
    ['999', '999'],
    ['1000', '1,000'],
    ['9007199254740993', '9,007,199,254,740,993'],
  ] as const) {
    it(`shows ${digits} as ${expected}`, () => assert.equal(grouped(digits), expected))
  }
})

describe('withBreaks', () => {
  it('marks and keeps every kind of line break', () => {
    const shown = renderHtml(html`${withBreaks('a\nb\r\nc\rd\n\re\n\n<f>')}`)
    assert.equal(shown, 'a<br />\nb<br />\r\nc<br />\rd<br />\n\re<br />\n<br />\n&lt;f&gt;')
  })
})

describe('picture', () => {
  for (const address of [
    null,
    '',
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '//example.com/x.png',
    'x.png',
    '\nhttps://example.com/x.png',
  ]) {
    it(`shows none for ${JSON.stringify(address)}`, () => assert.equal(picture(address), null))
  }

  it('keeps quotes inside of the attribute', () => {
    assert.match(
      renderHtml(html`${picture('HTTPS://example.com/"onload="alert(1)')}`),
      /^<img class="picture" src="HTTPS:\/\/example\.com\/&quot;onload=&quot;alert\(1\)" alt=""/,
    )
  })
})
