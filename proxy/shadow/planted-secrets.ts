/** Two hundred secrets and the places in which they are planted; each must be found nowhere. */
import type { Exemplar } from './finding.ts'
import { digits, looks, unique } from './planted-looks.ts'
import { headerNames, secretNames } from './planted-names.ts'

export interface Planted {
  readonly secrets: readonly string[]
  readonly exemplar: Exemplar
  /** Those of the request that its answers say again, where nothing tells that they are secret. */
  readonly repeated: readonly string[]
}

const form = (rows: readonly (readonly [string, string])[]): string =>
  rows.map((row) => row.map(encodeURIComponent).join('=')).join('&')

const comparisonOf = (secret: (text: string) => string, look: () => string) => {
  const difference = (path: string, pattern: string, legacy: string, modern: string) => ({
    path,
    pattern,
    kind: 'value' as const,
    severity: 'major' as const,
    legacy,
    modern,
  })
  const named = secretNames.map((name) =>
    difference(
      `/user/${name}`,
      `/user/${name}`,
      JSON.stringify(secret('l')),
      JSON.stringify(secret('m')),
    ),
  )
  return {
    outcome: 'mismatch' as const,
    reason: null,
    differences: [
      ...named.slice(0, 6),
      difference(`/items/[email=${look()}]/name`, '/items/*/name', `"${look()}"`, `"${look()}"`),
      difference(`/tokens/${secret('t')}/uses`, '/tokens/*/uses', '1', '2'),
      difference('/note', '/note', `"${'x'.repeat(200)} ${look().slice(0, 30)}…`, `"${look()}…`),
      difference(
        'header:set-cookie/sid/value',
        'header:set-cookie/sid/value',
        `"${secret('c')}"`,
        `"${secret('c')}"`,
      ),
      difference(
        'header:location/query/token',
        'header:location/query/token',
        `"${secret('q')}"`,
        'null',
      ),
      difference(
        '',
        '',
        `{"a":1,"password":"${secret('p')}","b":[{"card":${digits(901, 12)}}]}`,
        '"x"',
      ),
    ],
    excused: named.slice(6, 9).map((one) => ({ ...one, rule: 'php#1' })),
    noise: named.slice(9, 12),
    omitted: 0,
    severity: 'major' as const,
  }
}

interface Planter {
  /** Notes a secret, and gives it back. */
  plant(text: string): string
  /** One that only the name before it tells. */
  secret(kind: string): string
  /** One that is known by its looks. */
  look(): string
  readonly secrets: readonly string[]
}

const createPlanter = (): Planter => {
  const secrets: string[] = [digits(901, 12)]
  const plant = (text: string): string => {
    secrets.push(text)
    return text
  }
  return {
    secrets,
    plant,
    secret: (kind) => plant(`${kind}${unique(secrets.length)}`),
    look: () => plant(looks[secrets.length % looks.length]?.(secrets.length) ?? ''),
  }
}

const pairs = ({ secret }: Planter) => secretNames.map((name) => [name, secret('v')] as const)

/** A few of what the request holds, at places that say nothing of what they hold. */
const saidAgain = (repeated: readonly string[]): string => `hello ${repeated.join(', ')}!`

const json = (planter: Planter, repeated: readonly string[]): string => {
  const { secret, look, plant, secrets } = planter
  return JSON.stringify({
    title: `mail ${look()} or call`,
    ...Object.fromEntries(pairs(planter)),
    deep: { list: [{ text: look() }, [look(), look()], { tokens: [secret('t'), secret('t')] }] },
    fields: [{ name: 'api_token', value: secret('n') }],
    inner: JSON.stringify({ password: secret('i'), note: look() }),
    link: `https://u:${secret('b')}@host.example/reset?token=${secret('r')}&next=%2Fa%3Fsecret%3D${secret('x')}`,
    card: { number: Number(plant(digits(secrets.length, 13))) },
    said: saidAgain(repeated),
    each: repeated,
    byName: Object.fromEntries(repeated.map((name) => [name, 1])),
    markup: `<b>${repeated[0]}</b><a href="/go?back=${repeated[1]}">go</a>`,
  })
}

const html = ({ secret, look }: Planter, repeated: readonly string[]): string =>
  `<!doctype html><p>Write to ${look()}</p>
  <input type="hidden" name="csrf_token" value="${secret('h')}">
  <input value='${secret('h')}' type="password"><meta name="csrf-token" content="${secret('h')}">
  <a href="/reset?token=${secret('h')}&amp;email=${secret('h')}">reset</a>
  <script>var apiKey = "${secret('h')}"; x = {"token": '${secret('h')}'}</script>
  <user><password>${secret('h')}</password></user><b>${look()}</b><i>${look()}</i><i>${look()}</i>
  <p title="${repeated[0]}">${saidAgain(repeated)}</p><a href="/go/${repeated[1]}?back=${repeated[2]}">go</a>`

const multipart = ({ secret, look }: Planter): string => {
  const field = (name: string): string =>
    `--b0\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${secret('f')}\r\n`
  const note =
    '--b0\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: application/json\r\n\r\n' +
    `{"secret":"${secret('f')}","n":"${look()}"}\r\n`
  const photo =
    '--b0\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n' +
    `Content-Type: image/png\r\n\r\n\u0089PNG${secret('f')}\r\n--b0--\r\n`
  return ['password', 'phone', 'email'].map(field).join('') + note + photo
}

// biome-ignore format: a table reads best as a table
const headers = ({ secret, look }: Planter, type: string, repeated: readonly string[] = []): string[] => [
  ...repeated.flatMap((each) => ['X-Said', `hello ${each}`]),
  ...headerNames.flatMap((name) => [name, secret('k')]),
  'Cookie', `PHPSESSID=${secret('c')}; theme=${secret('c')}`,
  'Set-Cookie', `sid=${secret('c')}; Path=/; HttpOnly`,
  'Location', `/welcome/${encodeURIComponent(look())}?code=1&access_token=${secret('l')}&said=${repeated.join()}#token=${secret('l')}`,
  'Referer', `https://shop.example/?email=${secret('l')}`,
  'Link', `</next?token=${secret('l')}>; rel="next"`,
  'X-Note', look(),
  'Content-Type', type,
]

interface Answer {
  readonly from: 'legacy' | 'modern'
  readonly type: string
  readonly body: string
}

const seen = (planter: Planter, repeated: readonly string[], { from, type, body }: Answer) => ({
  from,
  status: 200,
  headers: headers(planter, type, repeated),
  trailers: ['X-Secret-Trailer', planter.secret('r')],
  body: { bytes: Buffer.from(body), length: body.length, complete: true },
  headMs: 1,
  totalMs: 2,
  failure: null,
  instead: null,
})

const failed = (planter: Planter, repeated: readonly string[]) => ({
  ...seen(planter, repeated, {
    from: 'modern',
    type: 'application/x-www-form-urlencoded',
    body: form([...pairs(planter), ['n', planter.look()], ['said', saidAgain(repeated)]]),
  }),
  failure: {
    code: 'proxy_internal_error' as const,
    party: 'modern' as const,
    effect: 'unknown' as const,
    detail: `password=${planter.secret('d')} for ${planter.look()}, ${saidAgain(repeated)}`,
    cause: new Error(planter.secret('e')),
  },
})

const request = (planter: Planter): Exemplar['request'] => {
  const { secret, look } = planter
  const steps = `/users/${encodeURIComponent(look())};jsessionid=${secret('j')}/token/${secret('p9')};v=1`
  return {
    method: 'POST',
    url: `${steps}?${form(pairs(planter))}&q=${encodeURIComponent(look())}`,
    headers: headers(planter, 'multipart/form-data; boundary=b0'),
    body: Buffer.from(multipart(planter), 'latin1'),
  }
}

/** One of each place of the request: path, its parameters, query, headers, cookies, form. */
const placesOfRequest = ['j', 'p9', 'v', 'k', 'c', 'l', 'f'] as const

/** The same ones every time. */
export const plantSecrets = (): Planted => {
  const planter = createPlanter()
  const { secret, look, secrets } = planter
  const asked = request(planter)
  const repeated = placesOfRequest.flatMap(
    (kind) => secrets.find((each) => each.startsWith(kind) && /q\d+z$/.test(each)) ?? [],
  )
  const comparison = comparisonOf(secret, look)
  const said = { path: '/said', pattern: '/said', kind: 'value', severity: 'major' } as const
  const exemplar: Exemplar = {
    id: 'r1',
    route: 'users.show',
    epoch: 'e1',
    at: 1,
    request: asked,
    outcome: 'mismatch',
    reason: `told ${look()}, ${saidAgain(repeated)}`,
    confirmed: true,
    comparison: {
      ...comparison,
      differences: [
        ...comparison.differences,
        { ...said, legacy: JSON.stringify(saidAgain(repeated)), modern: 'null' },
        { ...said, path: `/byName/${repeated[0]}`, pattern: '/byName/*', legacy: '1', modern: '2' },
      ],
    },
    legacy: seen(planter, repeated, {
      from: 'legacy',
      type: 'application/json',
      body: json(planter, repeated),
    }),
    modern: {
      ...seen(planter, repeated, {
        from: 'modern',
        type: 'text/html; charset=utf-8',
        body: html(planter, repeated),
      }),
      instead: failed(planter, repeated),
    },
  }
  return { secrets, exemplar, repeated }
}
