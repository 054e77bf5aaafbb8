import { equal, notEqual } from 'node:assert/strict'
import { createExemplarRation, type ExemplarRation, likenessOf } from './exemplar-ration.ts'
import type { Exemplar } from './finding.ts'

describe('the ration of exemplars', () => {
  let nowMs = 0
  const start = () => {
    nowMs = 0
    return createExemplarRation(() => nowMs)
  }
  const countOf = (shows: ExemplarRation, likeness: string, times: number): number =>
    Array.from({ length: times }, () => shows(likeness)).filter(Boolean).length

  it('shows the first twenty that are alike', () => {
    equal(countOf(start(), 'a', 1_000), 20)
  })

  it('shows four a second after that, so that what is kept is recent', () => {
    const shows = start()
    countOf(shows, 'a', 100)
    for (let second = 1; second <= 5; second++) {
      nowMs = second * 1_000
      equal(countOf(shows, 'a', 300), 4)
    }
  })

  it('shows what is rare beside what comes all the time', () => {
    const shows = start()
    countOf(shows, 'a', 1_000)
    equal(countOf(shows, 'b', 3), 3)
  })

  it('remembers no more than some hundred of them', () => {
    const shows = start()
    countOf(shows, 'a', 100)
    for (let other = 0; other < 512; other++) shows(`other ${other}`)
    equal(shows('a'), true)
  })
})

describe('what is alike', () => {
  const differing = (...patterns: readonly string[]): string => likeness(patterns, false)
  const likeness = (patterns: readonly string[], isOpen: boolean): string => {
    const exemplar = {
      ...{ route: 'items.list', outcome: 'mismatch', reason: null, confirmed: true },
      comparison: { differences: patterns.map((pattern) => ({ pattern })) },
    } as unknown as Exemplar
    return likenessOf(exemplar, isOpen)
  }

  it('differs in the same places, however often and in whatever order', () => {
    equal(differing('/a', '/b', '/a'), differing('/b', '/a'))
  })

  it('is not what differs in one more, behind a place that always differs', () => {
    notEqual(differing('header:host'), differing('header:host', 'writes:articles/insert/title'))
  })

  it('is not what may come to something else, for a session or a doubt', () => {
    notEqual(likeness(['/a'], true), likeness(['/a'], false))
  })
})
