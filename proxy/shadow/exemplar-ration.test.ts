import { equal } from 'node:assert/strict'
import { createExemplarRation } from './exemplar-ration.ts'

describe('the ration of exemplars', () => {
  let nowMs = 0
  const start = () => {
    nowMs = 0
    return createExemplarRation(() => nowMs)
  }
  const countOf = (shows: (kin: string) => boolean, kin: string, times: number): number =>
    Array.from({ length: times }, () => shows(kin)).filter(Boolean).length

  it('shows the first twenty of a kin', () => {
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

  it('shows a rare kin beside one that comes all the time', () => {
    const shows = start()
    countOf(shows, 'a', 1_000)
    equal(countOf(shows, 'b', 3), 3)
  })

  it('remembers no more than some hundred kins', () => {
    const shows = start()
    countOf(shows, 'a', 100)
    for (let other = 0; other < 512; other++) shows(`other ${other}`)
    equal(shows('a'), true)
  })
})
