/** Tells the operator why writes of shadows tell nothing: each reason once. */
import type { Log } from '../../telemetry/log.ts'

export type TellProblem = (route: string, reason: string, detail: string) => void

const most = 200

export const createTellProblem = (log: Pick<Log, 'warn'>): TellProblem => {
  const told = new Set<string>()
  return (route, reason, detail) => {
    const key = `${route} ${reason} ${detail}`
    if (told.has(key) || told.size >= most) return
    told.add(key)
    log.warn('writes_untold', { route, reason, detail })
  }
}
