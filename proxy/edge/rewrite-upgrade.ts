/** An upgrade as its upstream gets it: without the force meant for Banyan, changed as its route says. */
import type { Config, Route } from '../config/config.ts'
import { withoutForce } from '../routing/force.ts'
import { createRewriting } from '../targets/rewriting/with-rewriting.ts'
import type { UpgradeCall } from '../targets/tunnel-join.ts'

type Rewriting = ReturnType<typeof createRewriting>

/** @throws Failure where its path cannot be rewritten */
export type RewriteUpgrade = (call: UpgradeCall, route: Route, upstream: string) => UpgradeCall

export const createRewriteUpgrade = ({ force, upstreams }: Config): RewriteUpgrade => {
  const known = new Map<string, Rewriting>()
  const rewritingOf = ({ id, rewriting }: Route, name: string): Rewriting | null => {
    const upstream = upstreams[name]
    if (rewriting == null || upstream === undefined) return null
    const key = `${id} ${name}`
    const found = known.get(key) ?? createRewriting(rewriting, upstream)
    known.set(key, found)
    return found
  }
  return (call, route, upstream) => {
    const { request } = call
    const headers = withoutForce(request.headers, force)
    const own = headers === request.headers ? request : { ...request, headers }
    const rewriting = rewritingOf(route, upstream)
    if (rewriting === null) return own === request ? call : { ...call, request: own }
    return {
      ...call,
      request: rewriting.request(own),
      rewriteAnswer: (lines) => rewriting.answer(lines, request.peer),
    }
  }
}
