import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import { accessLine } from './access-line.ts'
import { plainDecision, plainObservation, plainRequest } from './plain-exchange.ts'
import { readPage, tableRows } from './reference-page.ts'

/** Events as the code names them: the first argument of the log's verbs. */
const eventsInCode = (): string[] => {
  const folder = join(packageRoot(), 'proxy')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const named = files
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .flatMap((path) => [
      ...readFileSync(join(folder, path), 'utf8').matchAll(
        /\blog\.(?:debug|info|warn|error)\(\s*'([a-z_]+)'/g,
      ),
    ])
  return [...new Set(named.map(([, event = '']) => event))]
}

describe('docs/reference/log.md', () => {
  const page = readPage('reference/log.md')

  it('carries every field of the access line in its order, and no other', () => {
    const line = accessLine({
      decision: plainDecision(),
      request: plainRequest(),
      seen: plainObservation(),
      revision: 'r',
      query: 'redact',
    })
    const rows = tableRows(page, ['field', 'what it is'])
    assert.deepEqual(
      rows.map(([field]) => field),
      Object.keys(line),
    )
  })

  it('carries every other event, and none that the code does not say', () => {
    const rows = tableRows(page, ['event', 'when']).map(([event = '']) => event)
    assert.deepEqual(rows.toSorted(), eventsInCode().toSorted())
  })
})
