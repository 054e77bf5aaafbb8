import { scaled } from '../../contract-tests/lab/long-share.ts'
import { assertOneRoute } from './routing-lab.ts'

describe('the route of a request', () => {
  it('is the route of its canonical path, a million times', () => assertOneRoute(scaled(1_000_000)))
})
