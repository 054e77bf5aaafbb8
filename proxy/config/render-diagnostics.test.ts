import assert from 'node:assert/strict'
import { parseConfig } from './parse.ts'
import { countDiagnostics, printable, renderDiagnostics } from './render-diagnostics.ts'

const diagnosticsOf = (text: string, file = 'config/banyan.yaml') =>
  parseConfig([{ file, text }]).diagnostics

const typo = `upstreams: { php: { url: http://a } }
routes:
  a: { match: /a, legacy: php, stage: shadoww }
`

describe('renderDiagnostics', () => {
  it('shows the line with a caret below the place and what is allowed', () => {
    assert.equal(
      renderDiagnostics(diagnosticsOf(typo)),
      [
        'config/banyan.yaml:3:39  error  BC1103  "shadoww" is not allowed here',
        '  3 |   a: { match: /a, legacy: php, stage: shadoww }',
        '    |                                       ^^^^^^^ did you mean "shadow"? allowed: legacy, shadow, canary, modern, retired',
      ].join('\n'),
    )
  })

  it('shows a file as a whole without a line', () => {
    assert.match(renderDiagnostics(diagnosticsOf('')), /^config\/banyan\.yaml {2}error {2}BC1002/)
  })

  it('gives a workflow annotation of one line for each', () => {
    const text = typo.replace('shadoww', '"a%0Ab"')
    const lines = renderDiagnostics(diagnosticsOf(text, 'a,b:c.yaml'), 'github').split('\n')
    assert.equal(lines.length, 1)
    assert.match(
      lines[0] ?? '',
      /^::error file=a%2Cb%3Ac\.yaml,line=3,col=39,endColumn=46,title=BC1103::"a%250Ab" is not/,
    )
  })

  it('gives plain data as JSON', () => {
    const [first] = JSON.parse(renderDiagnostics(diagnosticsOf(typo), 'json'))
    assert.deepEqual(
      [first.code, first.line, first.column, first.severity],
      ['BC1103', 3, 39, 'error'],
    )
  })

  it('lets no value of the config drive the terminal', () => {
    const hostile = typo.replace('shadoww', '"\u001b[2J\u202e\u0007"')
    const text = renderDiagnostics(diagnosticsOf(hostile, 'a\u001bb.yaml'))
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u)
    assert.match(text, /a\\u\{1b\}b\.yaml/)
    const [, line = '', carets = ''] = text.split('\n')
    assert.equal(carets.indexOf('^'), line.indexOf('"\\u{1b}'))
  })

  it('shows only the part of a long line that matters', () => {
    const long = typo.replace('legacy: php', `tags: [${'x, '.repeat(1_000)}x], legacy: php`)
    const [, line = '', carets = ''] = renderDiagnostics(diagnosticsOf(long)).split('\n')
    assert(line.length < 150)
    assert.equal(carets.indexOf('^'), line.indexOf('shadoww'))
  })
})

describe('countDiagnostics', () => {
  it('counts errors and warnings apart', () => {
    assert.equal(countDiagnostics(diagnosticsOf(typo)), '1 error, 0 warnings')
  })
})

describe('printable', () => {
  it('leaves text in any script as it is', () => {
    assert.equal(printable('naïve 日本 🌳'), 'naïve 日本 🌳')
  })
})
