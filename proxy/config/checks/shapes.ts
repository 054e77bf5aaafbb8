/** What the shape of single keys cannot say: keys that must be there, names, limits between keys. */
import { plans } from '../../stage.ts'
import { type Fault, fault } from '../diagnostics.ts'
import type { Draft } from '../draft.ts'
import type { Path } from '../yaml.ts'
import { type Check, eachRoute, inMain, type PlacedFault, routeCheck } from './check.ts'

const missing = (what: string, such: string): Fault =>
  fault('missingKey', `${what} is missing`, `such as ${such}`)

const matchMissing = routeCheck(['match'], ({ own }) =>
  own.match === undefined ? { at: [], fault: missing('match', 'match: GET /orders/:id') } : null,
)

const routeName = /^[a-z][\w-]*(\.[a-z][\w-]*)*$/i
const plainName = /^[a-z][\w-]*$/i
const longestName = 64

const nameFault = (name: string, pattern: RegExp, hint: string): Fault | null =>
  pattern.test(name) && name.length <= longestName
    ? null
    : fault(
        'badName',
        `"${name}" is no name for this`,
        `${hint}, at most ${longestName} characters`,
      )

/** Read from the file itself: names that no object can have are wrong as well. */
const keysAt = (value: unknown, key: string): readonly string[] => {
  const map = (value as Readonly<Record<string, unknown>> | null)?.[key]
  return typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.keys(map) : []
}

const names: Check = (draft) =>
  draft.files.flatMap(({ yaml }) =>
    ['routes', 'upstreams', 'rulesets', 'gates', 'rollouts'].flatMap((kind) =>
      keysAt(yaml.value, kind).flatMap((name): PlacedFault[] => {
        const isRoute = kind === 'routes'
        const hint = isRoute
          ? 'resource.action or a plain word, such as articles.list'
          : 'a word of letters, digits, - and _'
        const wrong = nameFault(name, isRoute ? routeName : plainName, hint)
        return wrong === null ? [] : [{ fault: wrong, place: yaml.placeOf([kind, name], 'key') }]
      }),
    ),
  )

const upstreams: Check = (draft) =>
  Object.entries(draft.main.written.upstreams ?? {}).flatMap(([name, { url, urls, health }]) => {
    const at = (path: Path, what: Fault): PlacedFault =>
      inMain(draft, ['upstreams', name, ...path], what, path.length === 0 ? 'key' : 'value')
    const isBroken = (key: string): boolean => draft.main.yaml.has(['upstreams', name, key])
    const found: PlacedFault[] = []
    if (name === 'handlers')
      found.push(
        at([], fault('badName', '"handlers" means the handlers module', 'take another name')),
      )
    if (url === undefined && urls === undefined && !isBroken('url') && !isBroken('urls'))
      found.push(at([], missing('url', 'url: http://127.0.0.1:8081')))
    if (urls !== undefined && urls.length === 0 && url === undefined)
      found.push(at(['urls'], missing('an address', 'urls: [http://127.0.0.1:8081]')))
    if (
      health !== undefined &&
      health.path === undefined &&
      !draft.main.yaml.has(['upstreams', name, 'health', 'path'])
    )
      found.push(at(['health'], missing('path', 'path: /status')))
    return found
  })

/** Keys of the main file that make sense only together. */
const required: readonly (readonly [Path, Path, string])[] = [
  [['listen', 'tls'], ['listen', 'tls', 'cert'], 'cert: ./tls/cert.pem'],
  [['listen', 'tls'], ['listen', 'tls', 'key'], 'key: ./tls/key.pem'],
]

const ofNames = ({ config }: Draft): typeof required =>
  Object.keys(config.listen.tls?.sni ?? {}).flatMap((name) => {
    const section = ['listen', 'tls', 'sni', name]
    return [
      [section, [...section, 'cert'], 'cert: ./tls/cert.pem'],
      [section, [...section, 'key'], 'key: ./tls/key.pem'],
    ] as const
  })

const sections: Check = (draft) =>
  [...required, ...ofNames(draft)].flatMap(([section, key, such]): PlacedFault[] =>
    draft.main.yaml.has(section) && !draft.main.yaml.has(key)
      ? [inMain(draft, section, missing(key.join('.'), such), 'key')]
      : [],
  )

const gates: Check = (draft) =>
  Object.entries(draft.main.written.gates ?? {}).flatMap(([name, { signal }]): PlacedFault[] => {
    const has = (key: string): boolean => draft.main.yaml.has(['gates', name, key])
    const at = (what: Fault): PlacedFault => inMain(draft, ['gates', name], what, 'key')
    if (signal === undefined)
      return has('signal') ? [] : [at(missing('signal', 'signal: shadow.mismatch'))]
    if (signal.startsWith('shadow.'))
      return has('limit') ? [] : [at(missing('limit', 'limit: 0.1%'))]
    return has('tolerance') ? [] : [at(missing('tolerance', 'tolerance: 1.25'))]
  })

const rollouts: Check = (draft) =>
  Object.entries(draft.config.rollouts ?? {}).flatMap(([name, { steps }]): PlacedFault[] => {
    const path = ['rollouts', name, 'steps']
    if (!draft.main.yaml.has(path))
      return [
        inMain(
          draft,
          ['rollouts', name],
          missing('steps', 'steps: [{ stage: shadow, hold: 24h }]'),
          'key',
        ),
      ]
    return steps.flatMap(({ stage, weightBp }, i): PlacedFault[] => {
      if (!draft.main.yaml.has([...path, i, 'stage']))
        return [inMain(draft, [...path, i], missing('stage', 'stage: shadow'))]
      return plans[stage].primary === 'split' &&
        weightBp === null &&
        !draft.main.yaml.has([...path, i, 'weight'])
        ? [
            inMain(
              draft,
              [...path, i],
              fault('canaryNeedsWeight', `a ${stage} step needs a weight`, 'such as weight: 1%'),
            ),
          ]
        : []
    })
  })

export const shapeChecks: readonly Check[] = [
  eachRoute([matchMissing]),
  names,
  upstreams,
  sections,
  gates,
  rollouts,
]
