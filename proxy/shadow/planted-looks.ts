/** Made-up secrets of every kind that is known by its looks, each another one. */

/** Digits and letters that no other secret has. */
export const unique = (at: number): string => `${(at * 7919 + 104_729).toString(36)}q${at}z`

const withLuhn = (digits: string): string => {
  const sum = [...digits].reverse().reduce((total, char, at) => {
    const doubled = at % 2 === 0 ? Number(char) * 2 : Number(char)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return digits + String((10 - (sum % 10)) % 10)
}

const ibanOf = (account: string): string => {
  const number = `${account}131400`
  const rest = [...number].reduce((left, digit) => (left * 10 + Number(digit)) % 97, 0)
  return `DE${String(98 - rest).padStart(2, '0')}${account}`
}

export const digits = (at: number, length: number): string =>
  String((at * 2_654_435_761 + 1_234_567) % 1e9)
    .padStart(9, '7')
    .repeat(3)
    .slice(0, length)

const part = (text: string): string => Buffer.from(text).toString('base64url')

/** What is known by its looks, whatever stands before it. */
export const looks: readonly ((at: number) => string)[] = [
  (at) => `${unique(at)}.doe@mail.example`,
  (at) => withLuhn(`4${digits(at, 14)}`),
  (at) => withLuhn(`37${digits(at, 12)}`),
  (at) => ibanOf(`5${digits(at, 17)}`),
  (at) =>
    `${part(`{"alg":"HS256","n":${at}}`)}.${part(`{"sub":"${unique(at)}"}`)}.${part(unique(at))}`,
  (at) => `+49 170 ${digits(at, 8)}`,
  (at) => `sk_live_${unique(at)}${unique(at)}`,
  (at) => `ghp_${unique(at)}${unique(at)}abcdef`,
  (at) => `Bearer ${unique(at)}.${unique(at)}`,
  (at) => `Basic ${Buffer.from(`user${at}:${unique(at)}`).toString('base64')}`,
  (at) => digits(at, 9).repeat(4).slice(0, 32).replace(/7/g, 'a'),
]
