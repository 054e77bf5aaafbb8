import assert from 'node:assert/strict'
import type { UpstreamStatus } from '../admin/status.ts'
import { addressesView } from './status-view.ts'

const plain = (_: unknown, text: string): string => text
const upstream = (addresses: UpstreamStatus['addresses']): UpstreamStatus => ({
  name: 'php',
  addresses,
  inFlight: 0,
  pending: 0,
})

describe('addressesView', () => {
  it('lists the addresses of an upstream that has several', () => {
    const view = addressesView(
      [
        upstream([
          { url: 'http://10.0.0.1', healthy: true, inFlight: 3 },
          { url: 'http://10.0.0.2', healthy: false },
        ]),
      ],
      plain,
    )
    assert.match(view, /^php +http:\/\/10\.0\.0\.1 +well +3$/m)
    assert.match(view, /^php +http:\/\/10\.0\.0\.2 +not well +0$/m)
  })

  it('says nothing of a single address that nobody asks how it is', () => {
    assert.equal(addressesView([upstream([{ url: 'http://10.0.0.1', healthy: null }])], plain), '')
  })
})
