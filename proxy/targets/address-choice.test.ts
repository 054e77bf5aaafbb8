import assert from 'node:assert/strict'
import { type Address, createAddress } from './address.ts'
import { createAddressChoice } from './address-choice.ts'
import type { AddressHealth } from './address-health.ts'
import { inbound } from './conformance/exchange.ts'
import { parseOrigin } from './connector.ts'
import { uncounted } from './uncounted.ts'

/** What is known of an address, in one word; `dead`: no connection comes about. */
type State = 'well' | 'unwell' | 'dead' | 'open'

const healthOf = (state: State): AddressHealth => ({
  isUp: () => state === 'well' || state === 'open',
  isReachable: () => state !== 'dead',
  isEjected: () => false,
  weight: () => 1,
  verdict: () => null,
  probed: () => {},
  connected: () => {},
})

const addressesOf = (states: readonly State[]): [Address, ...Address[]] =>
  states.map((state, i) => {
    const url = `http://10.0.0.${i}`
    return createAddress({
      url,
      origin: parseOrigin(url),
      connect: () => {},
      wire: { isTls: false, authority: '', dispatch() {}, prune() {}, close: async () => {} },
      breaker: { ...uncounted.breaker, blocks: () => state === 'open' },
      health: healthOf(state),
    })
  }) as [Address, ...Address[]]

describe('createAddressChoice', () => {
  /** Which addresses get something in twelve requests; what keeps them all. */
  const chosen = (states: readonly State[], tried: readonly number[] = []) => {
    const all = addressesOf(states)
    const { choose, blocked } = createAddressChoice(all, 'roundRobin', () => 0)
    const been = tried.flatMap((i) => all[i] ?? [])
    const found = Array.from({ length: 12 }, () => choose(inbound(), been))
    const places = found.map((each) => (each === null ? null : all.indexOf(each)))
    return [[...new Set(places)].sort(), blocked()]
  }

  // biome-ignore format: a table reads best as a table
  const table: readonly (readonly [string, readonly State[], readonly number[], readonly (number | null)[], string | null])[] = [
    ['uses all that are well',                               ['well', 'well', 'well'],        [],     [0, 1, 2], null],
    ['passes over those that are not',                       ['well', 'unwell', 'well'],      [],     [0, 2],    null],
    ['passes over an open breaker',                          ['open', 'well', 'well'],        [],     [1, 2],    null],
    ['passes over both at once',                             ['open', 'well', 'dead'],        [],     [1],       null],
    ['asks the only one, whatever it is like',               ['dead'],                        [],     [0],       'health'],
    ['asks the only one although its breaker is open',       ['open'],                        [],     [0],       'breaker'],
    ['asks all where every breaker is open',                 ['open', 'open'],                [],     [0, 1],    'breaker'],
    ['keeps to those that are well where breakers are open', ['open', 'unwell'],              [],     [0],       'breaker'],
    ['does not believe that more than half are unwell',      ['well', 'unwell', 'unwell'],    [],     [0, 1, 2], null],
    ['believes that half of them are',                       ['well', 'unwell'],              [],     [0],       null],
    ['never takes a dead one for well',                      ['well', 'dead', 'dead'],        [],     [0],       null],
    ['asks those that answer badly, not the dead',           ['unwell', 'dead', 'unwell'],    [],     [0, 2],    'health'],
    ['asks dead ones where there is nobody else',            ['dead', 'dead'],                [],     [0, 1],    'health'],
    ['goes elsewhere the second time',                       ['well', 'well', 'well'],        [1],    [0, 2],    null],
    ['goes to one that is not well rather than to the same', ['well', 'unwell'],              [0],    [1],       null],
    ['knows when every one was tried',                       ['well', 'well'],                [0, 1], [null],    null],
    ['has no second one where there is one',                 ['well'],                        [0],    [null],    null],
  ]
  for (const [title, states, tried, wanted, blocked] of table) {
    it(`${title}: ${states.join(' ')}`, () => {
      assert.deepEqual(chosen(states, tried), [wanted, blocked])
    })
  }

  it('keeps a caller on one address by cookie, header or address, the first that is there', () => {
    const hash = [{ from: 'cookie', name: 'uid' }, { from: 'address' }] as const
    const all = addressesOf(['well', 'well', 'well', 'well'])
    const { choose } = createAddressChoice(all, { hash }, Math.random)
    const byCookie = (uid: number, address: string) =>
      choose(
        inbound({
          headers: ['Host', 'a', 'Cookie', `uid=${uid}`],
          peer: { ...inbound().peer, address },
        }),
        [],
      )
    const urls = Array.from({ length: 40 }, (_, uid) => {
      assert.equal(byCookie(uid, '10.1.1.1'), byCookie(uid, '10.2.2.2'))
      return byCookie(uid, '10.1.1.1')?.url
    })
    assert.equal(new Set(urls).size, 4)
    const byAddress = (address: string) =>
      choose(inbound({ peer: { ...inbound().peer, address } }), [])
    assert.equal(byAddress('10.1.1.1'), byAddress('10.1.1.1'))
  })
})
