/** What of a route's noise counts for one request. Pure. */
import type { NoisyPlace } from '../compare/noise.ts'

/** `sort`, `sort_by[name]`, `order`, `$orderby`, `ordering`: names of parameters that ask for an order. */
const orderParameter =
  /[?&](?:\$|%24)?(?:sort|order)(?:ing|ed|[-_]?(?:by|order|dir|direction|field))?(?:=|\[|%5b|&|$)/i

/** Whether a request says in which order it wants its lists. */
export const asksForOrder = (url: string): boolean => orderParameter.test(url.replace(/#.*$/s, ''))

/**
 * The places at which legacy is known to differ from itself. Where the request asks for an order,
 * lists that come in another one elsewhere must come in this one here.
 *
 * @param url the request target as received
 */
export const knownNoise = (places: readonly NoisyPlace[], url: string): readonly NoisyPlace[] =>
  asksForOrder(url) ? places.filter(({ kind }) => kind !== 'order') : places
