/** What the demo shows while it runs. */

import type { RouteStatus } from '../../proxy/admin/status.ts'
import { routesView } from '../../proxy/commands/status-view.ts'
import {
  type Column,
  createPaint,
  fitScreen,
  type Paint,
  type ScreenSize,
  table,
} from '../../proxy/commands/text.ts'
import { verdictsView } from '../../proxy/commands/verdicts-view.ts'
import { printable } from '../../proxy/config/render-diagnostics.ts'
import type { Banyan } from './banyan.ts'
import { createRecentAnswers, type RecentAnswer } from './recent-answers.ts'

export interface Screen {
  readonly terminal: boolean
  readonly color: boolean
  /** Of a terminal, at this moment. */
  size(): ScreenSize
  write(text: string): void
}

const isBusy = ({ traffic: { requests }, stage }: RouteStatus): boolean =>
  requests.legacy + requests.modern > 0 || stage !== 'legacy'

const summary = ({ id, stage, traffic: { requests }, evidence }: RouteStatus): string => {
  const parity = evidence?.gates.find(({ name }) => name === 'parity')
  const judged = parity === undefined ? '' : ` parity=${parity.verdict}`
  return `${id} ${stage} legacy=${requests.legacy} modern=${requests.modern}${judged}`
}

/** One line for pipes and logs. */
const lineOf = (routes: readonly RouteStatus[]): string =>
  `${new Date().toISOString()} ${routes.map(summary).join(' · ')}\n`

/** So many of the visitor's own requests stay in sight. */
const shownAnswers = 8

const columns: readonly Column<RecentAnswer>[] = [
  { title: 'YOUR REQUESTS', read: ({ time }) => time.slice(11, 19) },
  {
    title: 'ANSWERED BY',
    read: ({ target }) => target,
    color: ({ target }) => (target === 'modern' ? 'green' : null),
  },
  { title: 'STATUS', read: ({ status }) => String(status), align: 'right' },
  { title: 'MS', read: ({ totalMs }) => String(Math.round(totalMs)), align: 'right' },
  { title: 'ROUTE', read: ({ route }) => route },
  { title: '', read: ({ method, path }) => `${method} ${path}`.slice(0, 60) },
]

const answersView = (answers: readonly RecentAnswer[], paint: Paint): string =>
  answers.length === 0 ? '' : `\n${table(columns, answers, paint)}`

const answerLine = ({ time, target, status, route, method, path }: RecentAnswer): string =>
  `${printable(`${time} ${target} answered ${status} to ${method} ${path} (${route})`)}\n`

export interface DemoBoard {
  stop(): void
}

/**
 * Redraws the routes that have traffic once a second, in place on a terminal, and who answered the
 * visitor's last requests; elsewhere prints a line for each of these, another whenever a stage
 * changes, and every ten seconds.
 */
export const startBoard = (banyan: Banyan, screen: Screen): DemoBoard => {
  const paint = createPaint(screen.color)
  let drawn = 0
  let told = { stages: '', at: 0 }
  const recent = createRecentAnswers(shownAnswers)

  const redraw = (routes: readonly RouteStatus[]): void => {
    recent.read(banyan.log())
    const whole =
      routesView(routes, paint) + verdictsView(routes, paint) + answersView(recent.last(), paint)
    const text = fitScreen(whole, screen.size())
    const up = drawn > 0 ? `\u001b[${drawn}A` : ''
    screen.write(`${up}\u001b[0J${text}`)
    drawn = text.split('\n').length - 1
  }
  const print = (routes: readonly RouteStatus[]): void => {
    for (const answer of recent.read(banyan.log())) screen.write(answerLine(answer))
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
