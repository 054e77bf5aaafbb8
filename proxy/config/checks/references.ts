/** Names that stand for something defined elsewhere: upstreams, adapters, rulesets, gates, files. */
import * as builtIn from '../built-in.ts'
import { type DiagnosticName, type Fault, fault } from '../diagnostics.ts'
import type { Draft } from '../draft.ts'
import { suggest } from '../suggest.ts'
import { type Check, eachRoute, inMain, type PlacedFault, type RouteCheck } from './check.ts'

const unknown = (
  name: DiagnosticName,
  what: string,
  word: string,
  known: readonly string[],
): Fault | null =>
  known.includes(word)
    ? null
    : fault(name, `${what} "${word}" is not defined`, suggest(word, known))

const known = ({ config }: Draft, kind: keyof typeof builtIn.names): readonly string[] => [
  ...Object.keys(config[kind] ?? {}),
  ...builtIn.names[kind],
]

const found = (at: readonly (string | number)[], fault: Fault | null) =>
  fault === null ? [] : [{ at, fault }]

const upstreamOf = (key: 'legacy' | 'modern', besides: readonly string[]): RouteCheck => ({
  reads: [key],
  judge: ({ route }, { config }) => {
    const name = route[key]
    if (name === null) return []
    const names = [...besides, ...Object.keys(config.upstreams)]
    return found([key], unknown('unknownUpstream', 'upstream', name, names))
  },
})

const handlersOf: RouteCheck = {
  reads: ['modern'],
  judge: ({ route }, { config, main }) =>
    route.modern === 'handlers' &&
    config.handlers.module === null &&
    !main.yaml.has(['handlers', 'module'])
      ? found(
          ['modern'],
          fault(
            'noHandlers',
            'modern: handlers needs a handlers module',
            'handlers: { module: ../dist/routes/app.js }',
          ),
        )
      : [],
}

const rolloutOf: RouteCheck = {
  reads: ['rollout'],
  judge: ({ route }, draft) => {
    if (route.rollout === null || route.rollout === undefined) return []
    const { use } = route.rollout
    if (use === '')
      return found(
        ['rollout'],
        fault('missingKey', 'a rollout needs a name', 'such as use: careful'),
      )
    return found(['rollout'], unknown('unknownRollout', 'rollout', use, known(draft, 'rollouts')))
  },
}

const rulesetsOf: RouteCheck = {
  reads: ['compare'],
  judge: ({ route }, draft) =>
    (route.compare ?? []).flatMap((entry, i, all) =>
      typeof entry === 'string'
        ? found(
            all.length === 1 ? ['compare'] : ['compare', i],
            unknown('unknownRuleset', 'ruleset', entry, known(draft, 'rulesets')),
          )
        : [],
    ),
}

type Rulesets = NonNullable<Draft['config']['rulesets']>

const usedBy = (rulesets: Rulesets, name: string): readonly string[] =>
  (rulesets[name] ?? []).filter((entry) => typeof entry === 'string')

/** Rulesets that lead from one to another, in order; null: none do. */
const wayTo = (
  rulesets: Rulesets,
  from: string,
  to: string,
  seen: Set<string>,
): readonly string[] | null => {
  if (from === to) return [to]
  if (seen.has(from)) return null
  seen.add(from)
  for (const name of usedBy(rulesets, from)) {
    const way = wayTo(rulesets, name, to, seen)
    if (way !== null) return [from, ...way]
  }
  return null
}

const rulesetFault = (draft: Draft, name: string, entry: string): Fault | null => {
  const others = known(draft, 'rulesets').filter((other) => other !== name)
  const wrong = unknown('unknownRuleset', 'ruleset', entry, others)
  if (wrong !== null) return wrong
  const way = wayTo(draft.config.rulesets ?? {}, entry, name, new Set())
  return way === null
    ? null
    : fault('notAllowed', `a ruleset cannot use itself: ${[name, ...way].join(' → ')}`)
}

const ownName = (draft: Draft, name: string): PlacedFault[] =>
  builtIn.names.rulesets.includes(name)
    ? [
        inMain(
          draft,
          ['rulesets', name],
          fault(
            'badName',
            `"${name}" is a built-in ruleset`,
            'take another name, and use it there',
          ),
          'key',
        ),
      ]
    : []

/** A ruleset may use others, those before it and those after it, but not itself. */
const rulesets: Check = (draft) =>
  Object.entries(draft.config.rulesets ?? {}).flatMap(([name, entries]) => [
    ...ownName(draft, name),
    ...entries.flatMap((entry, i): PlacedFault[] => {
      const wrong = typeof entry === 'string' ? rulesetFault(draft, name, entry) : null
      return wrong === null ? [] : [inMain(draft, ['rulesets', name, i], wrong)]
    }),
  ])

const gates: Check = (draft) =>
  Object.entries(draft.config.rollouts ?? {}).flatMap(([name, { steps }]) =>
    steps.flatMap((step, i) =>
      step.gates.flatMap((gate, j): PlacedFault[] => {
        const wrong = unknown('unknownGate', 'gate', gate, known(draft, 'gates'))
        return wrong === null
          ? []
          : [inMain(draft, ['rollouts', name, 'steps', i, 'gates', j], wrong)]
      }),
    ),
  )

const adapters: Check = (draft, { adapters: names }) =>
  names === null
    ? []
    : Object.values(draft.config.upstreams).flatMap(({ name, adapter }): PlacedFault[] => {
        if (adapter === null) return []
        const wrong = unknown('unknownAdapter', 'adapter', adapter, names)
        return wrong === null ? [] : [inMain(draft, ['upstreams', name, 'adapter'], wrong)]
      })

const files: Check = (draft, { exists }) => {
  const { handlers, listen } = draft.config
  const named = [
    [['handlers', 'module'], handlers.module],
    [['listen', 'tls', 'cert'], listen.tls?.cert ?? null],
    [['listen', 'tls', 'key'], listen.tls?.key ?? null],
    ...Object.entries(listen.tls?.sni ?? {}).flatMap(([name, { cert, key }]) => [
      [['listen', 'tls', 'sni', name, 'cert'], cert] as const,
      [['listen', 'tls', 'sni', name, 'key'], key] as const,
    ]),
  ] as const
  return named.flatMap(([path, file]): PlacedFault[] => {
    if (file === null || exists === null || !draft.main.yaml.has(path) || exists(file)) return []
    const hint = `paths are relative to the config file: this one means ${file}`
    return [inMain(draft, path, fault('unknownFile', 'there is no such file', hint))]
  })
}

export const referenceChecks: readonly Check[] = [
  eachRoute([
    upstreamOf('legacy', []),
    upstreamOf('modern', ['handlers']),
    handlersOf,
    rolloutOf,
    rulesetsOf,
  ]),
  rulesets,
  gates,
  adapters,
  files,
]
