/**
 * A config put together from its files, whether right or wrong: defaults filled in, every value
 * traceable to the line that says it. What is missing has a stand-in, so that checks see the rest.
 */
import { plans } from '../stage.ts'
import * as builtIn from './built-in.ts'
import type { Config, Match, Route } from './config.ts'
import type { Gate, Rollout, RolloutUse, Step } from './cutover-config.ts'
import type { Place } from './diagnostics.ts'
import { merge, mergeTrees, type Tree } from './merge.ts'
import { processOf, upstreamOf } from './process-draft.ts'
import { redirectOf, rewritingOf } from './rewriting.ts'
import type { Finding } from './schema.ts'
import type { Part, WrittenConfig, WrittenInclude, WrittenRoute } from './written.ts'
import type { Path, YamlFile } from './yaml.ts'

/** One file, its shape read. */
export interface ReadFile<T> {
  readonly yaml: YamlFile
  readonly written: T
  readonly findings: readonly Finding[]
}

/** A route as written, and as it would serve. */
export interface RouteDraft {
  readonly route: Route
  readonly file: ReadFile<WrittenInclude>
  /** What the route itself says. */
  readonly own: WrittenRoute
  /** What holds for it, built-in values aside. */
  readonly merged: WrittenRoute
  /** Keys whose value could not be read: nothing can be said of them. */
  readonly broken: ReadonlySet<string>
}

export interface Draft {
  readonly main: ReadFile<WrittenConfig>
  readonly files: readonly ReadFile<WrittenInclude>[]
  /** Without its revision. */
  readonly config: Omit<Config, 'revision'>
  readonly routes: readonly RouteDraft[]
}

/** A route has stage or rollout: what is said nearer takes the other away. */
const inherit = (above: WrittenRoute, nearer: WrittenRoute = {}): WrittenRoute => {
  const { stage, rollout, ...rest } = above
  const kept = {
    ...rest,
    ...(stage === undefined || nearer.rollout !== undefined ? {} : { stage }),
    ...(rollout === undefined || nearer.stage !== undefined ? {} : { rollout }),
  }
  return mergeTrees(kept, nearer as Tree) as WrittenRoute
}

const safeMethods = ['GET', 'HEAD', 'OPTIONS', 'TRACE']

/** Whether every method that it matches is safe (RFC 9110 §9.2.1). */
export const isSafe = ({ methods }: Match): boolean =>
  methods.length > 0 && methods.every((method) => safeMethods.includes(method))

/** `read` is what a route says of itself; inherited, it holds only where the methods bear it out. */
const effectsOf = (merged: WrittenRoute, own: WrittenRoute, match: Match): Route['effects'] => {
  const effects = merged.effects ?? null
  return effects === 'read' && own.effects === undefined && !isSafe(match) ? null : effects
}

const useOf = (written: WrittenRoute['rollout']): RolloutUse | null =>
  written === undefined
    ? null
    : ({ use: written.use ?? '', ceiling: written.ceiling ?? null } as RolloutUse)

/** A redirect asks no target, whatever the defaults say. */
const servesNobody = { stage: 'legacy', rollout: null, legacy: null, modern: null } as const

const nowhere: Match = { methods: [], path: '', host: null, headers: {}, query: {} }

const routeOf = (id: string, prefix: string, own: WrittenRoute, merged: WrittenRoute): Route => {
  const { match: written = nowhere, rollout: use, breaker, redirect, ...rest } = merged
  const { rewrite: _rewrite, headers: _headers, ...said } = rest
  const match = prefix === '' ? written : { ...written, path: `${prefix}${written.path}` }
  const effects = effectsOf(merged, own, match)
  const stage = said.stage ?? builtIn.route.stage
  return {
    id,
    cohort: id,
    sampleBp: plans[stage].sampleBp,
    run: plans[stage].run,
    fallbackOn: effects === 'read' ? builtIn.readCauses : builtIn.safeCauses,
    ...builtIn.route,
    ...said,
    match,
    effects,
    breaker: merge(builtIn.breaker, breaker),
    rollout: useOf(use),
    rewriting: rewritingOf(merged),
    redirect: redirectOf(redirect),
    ...(redirect !== undefined && servesNobody),
  }
}

const brokenKeys = (file: ReadFile<unknown>, id: string): ReadonlySet<string> =>
  new Set(
    file.findings
      .filter(({ path }) => path[0] === 'defaults' || (path[0] === 'routes' && path[1] === id))
      .map(({ path }) => String(path[0] === 'defaults' ? path[1] : path[2])),
  )

const routesOf = (main: ReadFile<WrittenConfig>, file: ReadFile<WrittenInclude>): RouteDraft[] => {
  const { prefix = '', routes = {}, defaults } = file.written
  const inherited =
    file.yaml === main.yaml ? (defaults ?? {}) : inherit(main.written.defaults ?? {}, defaults)
  return Object.entries(routes).map(([id, own]) => {
    const merged = inherit(inherited, own)
    const route = routeOf(id, prefix.replace(/\/$/, ''), own, merged)
    const broken = new Set([...brokenKeys(main, ''), ...brokenKeys(file, id)])
    return { route, file, own, merged, broken }
  })
}

const gateOf = (written: Part<Gate>): Gate => ({
  signal: 'shadow.mismatch',
  ...builtIn.gate,
  ...written,
})

const stepOf = (written: Part<Step>): Step =>
  ({
    stage: 'legacy',
    weightBp: null,
    sampleBp: null,
    holdMs: 0,
    gates: [],
    approvals: 0,
    ...written,
  }) as Step

const mapValues = <A, B>(
  from: Readonly<Record<string, A>> = {},
  to: (value: A, key: string) => B,
): Readonly<Record<string, B>> =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value, key)]))

/** @param directory absolute; paths in the config are relative to it */
export const draftOf = (
  main: ReadFile<WrittenConfig>,
  included: readonly ReadFile<WrittenInclude>[],
  directory: string,
): Draft => {
  const files = [main, ...included]
  const routes = files.flatMap((file) => routesOf(main, file))
  const { written } = main
  const config = {
    ...processOf(written, directory),
    upstreams: mapValues(written.upstreams, (upstream, name) =>
      upstreamOf(name, upstream, directory),
    ),
    force: merge(builtIn.force, written.force),
    routes: routes.map(({ route }) => route),
    rulesets: written.rulesets ?? {},
    gates: mapValues(written.gates, gateOf),
    rollouts: mapValues(
      written.rollouts,
      ({ steps = [], ...said }): Rollout => ({
        ...builtIn.rollout,
        ...said,
        steps: steps.map(stepOf),
      }),
    ),
  }
  return { main, files, config, routes }
}

/** Where a route's value is said: by itself, its file's defaults or the main file's; else its id. */
export const placeOf = (draft: Draft, { route, file }: RouteDraft, keys: Path): Place => {
  if (keys.length === 0) return file.yaml.placeOf(['routes', route.id], 'key')
  const own = ['routes', route.id, ...keys]
  if (file.yaml.has(own)) return file.yaml.placeOf(own, 'value')
  const inherited = ['defaults', ...keys]
  const source = [file, draft.main].find(({ yaml }) => yaml.has(inherited))
  return source === undefined
    ? file.yaml.placeOf(['routes', route.id], 'key')
    : source.yaml.placeOf(inherited, 'value')
}
