import { assertOneRoute } from './routing-lab.ts'

describe('the route of a request', () => {
  it('is the route of its canonical path', () => assertOneRoute(10_000))
})
