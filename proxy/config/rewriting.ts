/** Rewriting and redirects as files write them, and as they serve. Pure. */
import type { HeaderChanges, Redirect, Replacement, Rewriting } from './rewriting-config.ts'

/** As a route, or `defaults`, writes it. */
export interface WrittenRewriting {
  readonly rewrite?: {
    readonly prefix?: Partial<Replacement>
    readonly location?: 'auto' | readonly Partial<Replacement>[]
    readonly cookies?: Partial<Rewriting['cookies']>
  }
  readonly headers?: {
    readonly request?: Partial<HeaderChanges>
    readonly answer?: Partial<HeaderChanges>
  }
}

const replacementOf = ({ from = '', to = '' }: Partial<Replacement>): Replacement => ({ from, to })

const changesOf = ({ set = {}, add = {}, remove = [] }: Partial<HeaderChanges> = {}) => ({
  set,
  add,
  remove,
})

export const rewritingOf = ({ rewrite, headers }: WrittenRewriting): Rewriting | null => {
  if (rewrite === undefined && headers === undefined) return null
  const { prefix, location = null, cookies = {} } = rewrite ?? {}
  const lower = Object.entries(cookies.domain ?? {}).map(
    ([name, to]) => [name.toLowerCase().replace(/^\./, ''), to] as const,
  )
  return {
    prefix: prefix === undefined ? null : replacementOf(prefix),
    location: typeof location === 'object' ? (location?.map(replacementOf) ?? null) : location,
    cookies: { domain: Object.fromEntries(lower), path: cookies.path ?? {} },
    request: changesOf(headers?.request),
    answer: changesOf(headers?.answer),
  }
}

export const redirectOf = (written: Partial<Redirect> | undefined): Redirect | null =>
  written === undefined ? null : { to: written.to ?? '', status: written.status ?? 308 }

/** The inverse of `rewritingOf`. */
export const writtenRewriting = ({
  prefix,
  location,
  cookies,
  request,
  answer,
}: Rewriting): WrittenRewriting => ({
  rewrite: {
    ...(prefix !== null && { prefix }),
    ...(location !== null && { location }),
    cookies,
  },
  headers: { request, answer },
})
