/** Tells the operator why writes of shadows tell nothing, and what was kept from them: each once. */
import type { Log } from '../../telemetry/log.ts'

export type TellProblem = (route: string, reason: string, detail: string) => void
export type TellOutside = (route: string, detail: string) => void

const most = 200

/** Says nothing twice, and no more than so much. */
const createOnce = (): ((key: string, say: () => void) => void) => {
  const told = new Set<string>()
  return (key, say) => {
    if (told.has(key) || told.size >= most) return
    told.add(key)
    say()
  }
}

export const createTellProblem = (log: Pick<Log, 'warn'>): TellProblem => {
  const once = createOnce()
  return (route, reason, detail) =>
    once(`${route} ${reason} ${detail}`, () => {
      log.warn('writes_untold', { route, reason, detail })
    })
}

/** Lanes serve many routes: the first that hears of it stands for all. */
export const createTellOutside = (log: Pick<Log, 'warn'>): TellOutside => {
  const once = createOnce()
  return (route, detail) => once(detail, () => log.warn('egress_refused', { route, detail }))
}
