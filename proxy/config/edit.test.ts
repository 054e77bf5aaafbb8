import assert from 'node:assert/strict'
import { EditError, editRoute, editSources } from './edit.ts'

const head = '# who\nrest: 1\n'

// biome-ignore format: a table reads best as a table
const cases: readonly (readonly [title: string, before: string, after: string, weightBp?: number])[] = [
  ['replaces the stage of a route on one line',      'a: { match: /a, stage: legacy } # why',       'a: { match: /a, stage: canary } # why'],
  ['replaces stage and weight',                      'a: { weight: 1%, match: /a, stage: legacy }', 'a: { weight: 12.5%, match: /a, stage: canary }', 1_250],
  ['keeps the weight when none is given',            'a: { stage: modern, weight: 50% }',           'a: { stage: canary, weight: 50% }'],
  ['adds what is missing behind the last key',       'a: { match: GET /a }',                        'a: { match: GET /a, stage: canary, weight: 10% }', 1_000],
  ['adds the weight alone',                          'a: { stage: canary, match: /a }',             'a: { stage: canary, match: /a, weight: 10% }', 1_000],
  ['keeps a trailing comma',                         'a: { match: /a, }',                           'a: { match: /a, stage: canary, }'],
  ['keeps quotes',                                   `a: { stage: "legacy", weight: '1%' }`,         `a: { stage: "canary", weight: '10%' }`, 1_000],
  ['fills an empty map',                             'a: {}',                                       'a: { stage: canary }'],
  ['keeps odd white space',                          'a:   {match: /a  ,stage:   legacy}',          'a:   {match: /a  ,stage:   canary}'],
  ['fills a key without value',                      'a: { stage:, match: /a }',                    'a: { stage: canary, match: /a }'],
  ['edits a map over several lines',                 'a: {\n      match: /a, # path\n      effects: read # data\n    }', 'a: {\n      match: /a, # path\n      effects: read, stage: canary # data\n    }'],
  ['edits the line of a route in block style',       'a:\n    # not yet\n    stage: legacy # soon\n    match: /a', 'a:\n    # not yet\n    stage: canary # soon\n    match: /a'],
  ['adds lines below a route in block style',        'a:\n    match: /a # path\n  b: { match: /b }', 'a:\n    match: /a # path\n    stage: canary\n    weight: 10%\n  b: { match: /b }', 1_000],
  ['adds below a map that is the last key',          'a:\n    match: /a\n    breaker:\n      window: 1s\n\n  # b comes\n  b: 1', 'a:\n    match: /a\n    breaker:\n      window: 1s\n    stage: canary\n\n  # b comes\n  b: 1'],
  ['edits the route and none that is called alike',  'aa: { stage: legacy }\n  a: { stage: legacy }\n  "a.b": { stage: legacy }', 'aa: { stage: legacy }\n  a: { stage: canary }\n  "a.b": { stage: legacy }'],
]

const wrap = (routes: string): string => `${head}routes:\n  ${routes}\n# end`

describe('editRoute', () => {
  for (const [title, before, after, weightBp] of cases)
    it(title, () => {
      const change = { stage: 'canary', ...(weightBp === undefined ? {} : { weightBp }) } as const
      assert.equal(editRoute(wrap(before), 'a', change)?.text, wrap(after))
    })

  it('tells which line changes, before and after', () => {
    const edit = editRoute(wrap('b: 1\n  a: { stage: legacy }'), 'a', { stage: 'modern' })
    assert.equal(edit?.line, 5)
    assert.equal(edit?.before, '  a: { stage: legacy }')
    assert.equal(edit?.after, '  a: { stage: modern }')
  })

  it('tells only of the lines it adds', () => {
    const edit = editRoute(wrap('a:\n    match: /a'), 'a', { stage: 'modern' })
    assert.deepEqual([edit?.line, edit?.before, edit?.after], [6, '', '    stage: modern'])
  })

  it('ends its lines like the file does', () => {
    const edit = editRoute('routes:\r\n  a:\r\n    match: /a\r\n', 'a', { stage: 'modern' })
    assert.equal(edit?.text, 'routes:\r\n  a:\r\n    match: /a\r\n    stage: modern\r\n')
  })

  it('changes nothing in a route that is there already', () => {
    const text = wrap('a: { stage: canary }')
    assert.equal(editRoute(text, 'a', { stage: 'canary' })?.text, text)
  })

  it('finds no route in a file that has none of that name', () => {
    assert.equal(editRoute(wrap('b: { stage: legacy }'), 'a', { stage: 'canary' }), null)
    assert.equal(editRoute('# nothing', 'a', { stage: 'canary' }), null)
  })

  // biome-ignore format: a table reads best as a table
  const refused: readonly (readonly [string, string])[] = [
    ['an alias',                        'b: &b { stage: legacy }\n  a: *b'],
    ['a stage from the environment',    `a: { stage: "\${STAGE:-legacy}" }`],
    ['a stage that is a list',          'a: { stage: [legacy] }'],
    ['a route without a map',           'a:'],
  ]
  for (const [title, text] of refused)
    it(`leaves ${title} to be edited by hand`, () => {
      assert.throws(() => editRoute(wrap(text), 'a', { stage: 'canary' }), EditError)
    })
})

describe('editSources', () => {
  it('edits the file that defines the route', () => {
    const sources = [
      { file: 'banyan.yaml', text: 'routes: { b: { match: /b } }' },
      { file: 'routes/a.yaml', text: 'routes: { a: { match: /a } }' },
    ]
    const found = editSources(sources, 'a', { stage: 'shadow' })
    assert.equal(found?.source.file, 'routes/a.yaml')
    assert.equal(found?.edit.text, 'routes: { a: { match: /a, stage: shadow } }')
  })
})
