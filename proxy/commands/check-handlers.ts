/** Proves that the routes that need a handler reach one, by asking the handlers' own router. */
import type { Config, Route } from '../config/config.ts'
import { suggest } from '../config/suggest.ts'
import { type App, loadHandlers, routeNamesOf } from '../targets/handler-module.ts'
import { needsHandler } from '../targets/unhandled.ts'

/** Something that the handlers lack, and the way out. */
export interface HandlerProblem {
  /** Null: the module as a whole is meant. */
  readonly route: string | null
  readonly message: string
  readonly hint: string | null
}

interface RouterLike {
  match(path: string, method: string): { readonly pathAndMethod: readonly { name?: unknown }[] }
}

const isRouter = (value: unknown): value is RouterLike =>
  typeof (value as RouterLike | null)?.match === 'function'

const routersOf = ({ middleware = [] }: App): readonly RouterLike[] =>
  middleware.map((each) => (each as { router?: unknown }).router).filter(isRouter)

const reaches = (app: App, id: string, example: string): boolean => {
  const [method = '', url = ''] = example.split(' ')
  const [path = ''] = url.split('?')
  return routersOf(app).some((router) =>
    router.match(path, method).pathAndMethod.some(({ name }) => name === id),
  )
}

const judge = (app: App, names: readonly string[], route: Route): readonly HandlerProblem[] => {
  const { id, stage, examples } = route
  if (!names.includes(id)) {
    const message = `"${id}" is at ${stage} and the handlers have no route of this name`
    return [{ route: id, message, hint: suggest(id, names) }]
  }
  return examples
    .filter((example) => !reaches(app, id, example))
    .map((example) => ({
      route: id,
      message: `the handlers' route "${id}" does not take the example ${example}`,
      hint: 'compare the path of the handler with match',
    }))
}

/**
 * Imports the handlers where a route needs them. Never rejects: what cannot be imported is a
 * problem. Handlers without @koa/router cannot be asked, and have none.
 */
export const checkHandlers = async ({
  handlers,
  routes,
}: Pick<Config, 'handlers' | 'routes'>): Promise<readonly HandlerProblem[]> => {
  const needing = routes.filter(needsHandler)
  if (handlers.module === null || needing.length === 0) return []
  try {
    const { app, close } = await loadHandlers(handlers.module, handlers, { role: 'shadow' })
    const names = routeNamesOf(app)
    await close()
    return names === null ? [] : needing.flatMap((route) => judge(app, names, route))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [{ route: null, message, hint: null }]
  }
}
