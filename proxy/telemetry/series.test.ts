import assert from 'node:assert/strict'
import { createCellFamily, createHistogramFamily, labelText, observeValue } from './series.ts'

describe('series', () => {
  it('gives the same cell for the same labels', () => {
    const family = createCellFamily('fallbacks_total')
    const cell = family.cell({ route: 'a', cause: 'timeout' })
    cell.value += 2
    assert.equal(family.cell({ cause: 'timeout', route: 'a' }), cell)
    assert.deepEqual([...family.lines()], ['banyan_fallbacks_total{route="a",cause="timeout"} 2'])
  })

  it('leaves empty labels out, and braces where there is no label', () => {
    assert.equal(labelText(['route', 'upstream'], { route: '', upstream: 'php' }), 'upstream="php"')
    const family = createCellFamily('instance_draining')
    family.cell({}).value = 1
    assert.deepEqual([...family.lines()], ['banyan_instance_draining 1'])
  })

  it('escapes quotes, backslashes and line ends in values', () => {
    assert.equal(labelText(['route'], { route: 'a"b\\c\nd' }), 'route="a\\"b\\\\c\\nd"')
  })

  it('exposes cumulative buckets whose last one equals the count', () => {
    const family = createHistogramFamily('proxy_overhead_seconds')
    const cell = family.cell({})
    for (const seconds of [0.00005, 0.0001, 0.0004, 0.2]) observeValue(cell, seconds)
    assert.deepEqual(
      [...family.lines()],
      [
        'banyan_proxy_overhead_seconds_bucket{le="0.0001"} 2',
        'banyan_proxy_overhead_seconds_bucket{le="0.0005"} 3',
        'banyan_proxy_overhead_seconds_bucket{le="0.001"} 3',
        'banyan_proxy_overhead_seconds_bucket{le="0.0025"} 3',
        'banyan_proxy_overhead_seconds_bucket{le="0.005"} 3',
        'banyan_proxy_overhead_seconds_bucket{le="0.01"} 3',
        'banyan_proxy_overhead_seconds_bucket{le="0.05"} 3',
        'banyan_proxy_overhead_seconds_bucket{le="+Inf"} 4',
        `banyan_proxy_overhead_seconds_sum ${cell.sum}`,
        'banyan_proxy_overhead_seconds_count 4',
      ],
    )
    assert.equal(family.size(), 10)
  })

  it('drops the series of a route and keeps the others', () => {
    const family = createHistogramFamily('request_duration_seconds')
    family.cell({ route: 'a', target: 'legacy' })
    family.cell({ route: 'b', target: 'legacy' })
    family.drop(new Set(['a']))
    assert.equal(
      family.values().every(({ labels }) => labels.route === 'b'),
      true,
    )
    assert.equal(family.size(), 15)
  })
})
