/** Evidence and exemplars with nothing special about them. */
import type { Evidence } from '../cutover/evidence.ts'
import type { Exemplar } from '../shadow/finding.ts'

export const plainEvidence = (part: Partial<Evidence> = {}): Evidence => ({
  route: 'articles.list',
  epoch: 'e1',
  instance: 'one',
  since: 1_000,
  last: 2_000,
  outcomes: { identical: 3, mismatch: 1 },
  confirmed: 1,
  trials: 4,
  bad: 1,
  shapes: { 'GET /api/articles 200': 4 },
  places: [
    {
      pattern: '/articles/*/id',
      kind: 'precision',
      severity: 'breaking',
      as: 'difference',
      rule: null,
      count: 1,
      modernAlone: 0,
      legacyAlone: 0,
    },
  ],
  ...part,
})

export const plainExemplar = (part: Partial<Exemplar> = {}): Exemplar => ({
  id: 'request-1',
  route: 'articles.list',
  epoch: 'e1',
  at: 2_000,
  request: { method: 'GET', url: '/api/articles', headers: ['Host', 'x'], body: null },
  outcome: 'mismatch',
  reason: null,
  confirmed: false,
  comparison: {
    outcome: 'mismatch',
    reason: null,
    differences: [
      {
        path: '/articles/0/id',
        pattern: '/articles/*/id',
        kind: 'precision',
        severity: 'breaking',
        legacy: '9007199254740993',
        modern: '9007199254740992',
      },
    ],
    excused: [],
    noise: [],
    omitted: 0,
    severity: 'breaking',
  },
  legacy: {
    from: 'legacy',
    status: 200,
    headers: ['Content-Type', 'application/json'],
    trailers: [],
    body: {
      bytes: new TextEncoder().encode('{"id":9007199254740993}'),
      length: 23,
      complete: true,
    },
    headMs: 3,
    totalMs: 4,
    failure: null,
    instead: null,
  },
  modern: null,
  ...part,
})
