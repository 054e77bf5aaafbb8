import assert from 'node:assert/strict'
import { metricNames, metricRow } from './catalogue.ts'
import { readPage, tableRows } from './reference-page.ts'

describe('docs/reference/metrics.md', () => {
  const page = readPage('reference/metrics.md')

  it('carries every metric as the code has it, in its order, and no other', () => {
    const expected = metricNames.map((name) => {
      const { type, labels, help } = metricRow(name)
      return [`banyan_${name}`, type, labels.join(' ') || '–', help]
    })
    assert.deepEqual(tableRows(page, ['name', 'type', 'labels', 'meaning']), expected)
  })

  it('explains every label, and no other', () => {
    const explained = tableRows(page, ['label', 'values']).flatMap(([names = '']) =>
      names.split(', '),
    )
    const used = new Set(metricNames.flatMap((name) => metricRow(name).labels))
    assert.deepEqual(explained.toSorted(), [...used].toSorted())
  })

  it('asks only for metrics that are there', () => {
    const known = new Set<string>(metricNames)
    const asked = [...page.matchAll(/banyan_([a-z_]+)/g)].map(([, name = '']) =>
      name.replace(/_(bucket|sum|count)$/, ''),
    )
    assert.deepEqual(
      asked.filter((name) => !known.has(name)),
      [],
    )
  })
})
