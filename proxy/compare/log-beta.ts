/** Gamma and beta functions as logarithms: counts of millions neither overflow nor vanish. Pure. */

/** Coefficients of Stirling's series (Abramowitz & Stegun 6.1.41). */
const stirling = [1 / 12, -1 / 360, 1 / 1_260, -1 / 1_680, 1 / 1_188] as const
const leastStirling = 15
const halfLogTau = 0.5 * Math.log(2 * Math.PI)

/** ln Γ(x) for x > 0, to about 1e-13 of its value. */
export const logGamma = (x: number): number => {
  let [at, shift] = [x, 0]
  // Γ(x) = Γ(x + n) / (x (x + 1) …): the series holds from 15 on.
  for (; at < leastStirling; at++) shift += Math.log(at)
  const squared = at * at
  let [term, sum] = [at, 0]
  for (const coefficient of stirling) {
    sum += coefficient / term
    term *= squared
  }
  return (at - 0.5) * Math.log(at) - at + halfLogTau + sum - shift
}

/** ln B(a, b) for a, b > 0. */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)

const mostSteps = 20_000
const enough = 1e-14
const tiny = 1e-300

const kept = (value: number): number => (Math.abs(value) < tiny ? tiny : value)

/**
 * The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method:
 * I_x(a, b) = x^a (1 - x)^b / (a B(a, b)) times this. Settles fast for x <= a / (a + b).
 */
export const betaFraction = (a: number, b: number, x: number): number => {
  let [c, d] = [1, 1 / kept(1 - ((a + b) * x) / (a + 1))]
  let value = d
  for (let m = 1; m <= mostSteps; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    value *= d * c
    if (Math.abs(d * c - 1) < enough) break
  }
  return value
}
