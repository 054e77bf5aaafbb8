/** `banyan routes`: the routes of the config, one line each. */
import type { Match, Route } from '../config/config.ts'
import { formatShare } from '../config/units.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { readConfig } from './read-config.ts'
import { answering, say } from './say.ts'
import { type Column, createPaint, table } from './text.ts'

export interface RoutesOptions extends Common {
  /** Print only the ids. */
  readonly ids: boolean
}

const conditions = (wanted: Match['headers'], separator: string): readonly string[] =>
  Object.entries(wanted).map(([name, value]) =>
    value === null ? name : `${name}${separator}${value}`,
  )

/** `GET,HEAD shop.example/api/articles ?page [x-debug]` */
export const matchText = ({ methods, path, host, headers, query }: Match): string => {
  const line = `${methods.join(',') || 'any'} ${host ?? ''}${path}`
  const asked = conditions(query, '=')
  const sent = conditions(headers, ': ')
  return [
    line,
    ...(asked.length > 0 ? [`?${asked.join('&')}`] : []),
    ...(sent.length > 0 ? [`[${sent.join(', ')}]`] : []),
  ].join(' ')
}

const stageText = ({ stage, weightBp, rollout }: Route): string => {
  if (rollout) return `rollout ${rollout.use}`
  return stage === 'canary' ? `${stage} ${formatShare(weightBp)}` : stage
}

const columns: readonly Column<Route>[] = [
  { title: 'ROUTE', read: ({ id }) => id },
  { title: 'STAGE', read: stageText, color: () => 'cyan' },
  { title: 'EFFECTS', read: ({ effects }) => effects ?? '-' },
  { title: 'LEGACY', read: ({ legacy }) => legacy ?? '-' },
  { title: 'MODERN', read: ({ modern }) => modern ?? '-' },
  { title: 'MATCH', read: ({ match }) => matchText(match) },
]

export const routes = (options: RoutesOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const config = await readConfig(options, io)
    const ids = config.routes.map(({ id }) => id)
    const { revision } = config
    const json = options.ids ? ids : { revision, routes: config.routes }
    const text = options.ids
      ? ids.map((id) => `${id}\n`).join('')
      : table(columns, config.routes, createPaint(io.color))
    say(io, options, { json, text })
    return exit.fine
  })
