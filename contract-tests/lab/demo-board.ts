/** What the demo shows while it runs. */

import type { RouteStatus } from '../../proxy/admin/status.ts'
import { routesView } from '../../proxy/commands/status-view.ts'
import { createPaint } from '../../proxy/commands/text.ts'
import type { Banyan } from './banyan.ts'

export interface Screen {
  readonly terminal: boolean
  readonly color: boolean
  write(text: string): void
}

const isBusy = ({ traffic: { requests }, stage }: RouteStatus): boolean =>
  requests.legacy + requests.modern > 0 || stage !== 'legacy'

const summary = ({ id, stage, traffic: { requests } }: RouteStatus): string =>
  `${id} ${stage} legacy=${requests.legacy} modern=${requests.modern}`

/** One line for pipes and logs. */
const lineOf = (routes: readonly RouteStatus[]): string =>
  `${new Date().toISOString()} ${routes.map(summary).join(' · ')}\n`

export interface DemoBoard {
  stop(): void
}

/**
 * Redraws the routes that have traffic once a second, in place on a terminal; elsewhere prints a
 * line whenever a stage changes, and every ten seconds.
 */
export const startBoard = (banyan: Banyan, screen: Screen): DemoBoard => {
  const paint = createPaint(screen.color)
  let drawn = 0
  let told = { stages: '', at: 0 }

  const redraw = (routes: readonly RouteStatus[]): void => {
    const text = routesView(routes, paint)
    const up = drawn > 0 ? `\u001b[${drawn}A` : ''
    screen.write(`${up}\u001b[0J${text}`)
    drawn = text.split('\n').length - 1
  }
  const print = (routes: readonly RouteStatus[]): void => {
    const stages = routes.map(({ id, stage, weightBp }) => `${id}${stage}${weightBp}`).join()
    const now = performance.now()
    if (stages === told.stages && now - told.at < 10_000) return
    told = { stages, at: now }
    screen.write(lineOf(routes))
  }
  const show = screen.terminal ? redraw : print
  const tick = async (): Promise<void> => {
    const routes = (await banyan.routes()).filter(isBusy)
    if (routes.length > 0) show(routes)
  }
  // While Banyan restarts or drains there is nothing to show; the next tick tries again.
  const timer = setInterval(() => void tick().catch(() => {}), 1_000)
  return { stop: () => clearInterval(timer) }
}
