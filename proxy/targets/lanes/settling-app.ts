import type { App } from '../handler-module.ts'

/** An application, and when what it does with a request is done: an answer may be over sooner. */
export interface SettlingApp {
  readonly app: App
  /** Resolves once no call of a handler is running. */
  settled(): Promise<void>
}

export const createSettlingApp = (app: App): SettlingApp => {
  let running = 0
  let waiting: (() => void)[] = []
  const leave = (): void => {
    running--
    if (running > 0) return
    const told = waiting
    waiting = []
    for (const tell of told) tell()
  }
  const { onerror, middleware } = app
  return {
    app: {
      callback() {
        const handle = app.callback()
        return async (request, response) => {
          running++
          try {
            await handle(request, response)
          } finally {
            leave()
          }
        }
      },
      on: (event, listener) => app.on(event, listener),
      off: (event, listener) => app.off?.(event, listener),
      onerror,
      ...(middleware === undefined ? {} : { middleware }),
    },
    settled: () =>
      new Promise((resolve) => {
        if (running === 0) resolve()
        else waiting.push(resolve)
      }),
  }
}
