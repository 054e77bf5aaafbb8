/** `banyan explain`: who would answer a request, and why. Offline: from the config file alone. */
import { Buffer } from 'node:buffer'
import type { Config } from '../config/config.ts'
import { formatShare } from '../config/units.ts'
import { createFindAmbiguity } from '../routing/ambiguity.ts'
import { type Explanation, explain as explainRequest } from '../routing/explain.ts'
import { createForce } from '../routing/force.ts'
import { createMatcher } from '../routing/match.ts'
import type { RawHeaders } from '../targets/send.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { readConfig } from './read-config.ts'
import { matchText } from './routes.ts'
import { answering, say, usageError } from './say.ts'
import { createPaint, facts } from './text.ts'

export interface ExplainOptions extends Common {
  readonly method: string
  /** A path with its query, or an absolute URL. */
  readonly url: string
  /** `name: value` */
  readonly headers: readonly string[]
  readonly key: string | null
}

/** Headers travel as latin1; what is typed is UTF-8. */
const toWire = (text: string): string => Buffer.from(text).toString('latin1')

const headerLines = (lines: readonly string[]): RawHeaders =>
  lines.flatMap((line) => {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+):(.*)$/s.exec(line) ?? []
    if (name === undefined) throw usageError(`"${line}" is no header`, "write -H 'name: value'")
    return [name, toWire(value.trim())]
  })

/** Refuses what a proxy would answer 400 without asking any route. */
const assertAskable = ({ method, url }: ExplainOptions): void => {
  if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(method)) {
    throw usageError(`"${method}" is no method`, 'write GET, POST, …')
  }
  const isUrl = /^https?:\/\//i.test(url) && URL.canParse(url)
  if (!url.startsWith('/') && !isUrl) {
    throw usageError(`"${url}" is no path and no URL`, 'write /api/articles?limit=5')
  }
}

/** Offline nothing is killed, open or sick. */
const calm = { killed: () => false, blocked: () => null }

const fallbackText = ({ fallback }: Explanation, config: Config, id: string): string => {
  const route = config.routes.find((each) => each.id === id)
  return fallback === null ? 'none' : `${fallback}, on ${route?.fallbackOn.join(', ') ?? ''}`
}

/** One line for each thing that legacy may take the path for. */
const otherwiseText = ({ ambiguity }: Explanation): readonly (readonly [string, string])[] =>
  (ambiguity?.readings ?? []).map(({ profile, path, route }) => [
    'or',
    `${path} by ${profile}: ${route ?? 'no route'}  (onAmbiguousPath: ${ambiguity?.policy})`,
  ])

const view = (explanation: Explanation, config: Config, io: Io): string => {
  const paint = createPaint(io.color)
  const { route: id, path, primary, upstream, reason, why, shadow, caller } = explanation
  const otherwise = otherwiseText(explanation)
  const route = config.routes.find((each) => each.id === id)
  if (route === undefined) return facts([['path', path], ...otherwise, ['why', why]], paint)
  const place = caller === null ? 'no caller key' : `"${caller.key}" of cohort ${caller.cohort}`
  return facts(
    [
      ['route', `${route.id}  (${matchText(route.match)})`],
      ['path', path],
      ...otherwise,
      ['stage', route.stage],
      ...(reason === 'weight' ? ([['caller', place]] as const) : []),
      ...(caller === null ? [] : ([['bucket', `${caller.bucket} of 10000`]] as const)),
      ['target', `${primary} (${upstream})`],
      ['why', why],
      ['fallback', fallbackText(explanation, config, route.id)],
      [
        'shadow',
        shadow === null ? 'none' : `${shadow}, ${formatShare(route.sampleBp)} of requests`,
      ],
    ],
    paint,
  )
}

/** Exits 1 where no route takes the request. */
export const explain = (options: ExplainOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const { method, url, key } = options
    assertAskable(options)
    const headers = headerLines(options.headers)
    const config = await readConfig(options, io)
    const forcing = { key: io.env[config.force.keyEnv] ?? null, now: io.now }
    const matcher = createMatcher(config.routes)
    const explanation = explainRequest(
      {
        matcher,
        findAmbiguity: createFindAmbiguity(config, matcher),
        conditions: calm,
        force: createForce(config.force, forcing),
      },
      { method: method.toUpperCase(), url: toWire(url), headers, key },
    )
    say(io, options, { json: explanation, text: view(explanation, config, io) })
    return explanation.route === null ? exit.no : exit.fine
  })
