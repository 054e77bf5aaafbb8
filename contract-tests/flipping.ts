/** What a client may see while routes flip under its requests: nothing. Used by two tests. */
import assert from 'node:assert/strict'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type Edit, editRoute } from '../proxy/config/edit.ts'
import type { Banyan, Flip } from './lab/banyan.ts'
import { type Reply, type SteadyLoad, startLoad } from './lab/steady-load.ts'
import { until } from './lab/until.ts'

/** The way a route takes, and back. */
export const journey: readonly Flip[] = [
  { stage: 'canary', weightBp: 1_000 },
  { stage: 'canary', weightBp: 5_000 },
  { stage: 'modern' },
  { stage: 'legacy' },
]

const whole = (reply: Reply): void => {
  assert.equal(reply.status, 200, reply.text.slice(0, 200))
  const { articles } = JSON.parse(reply.text) as { articles: unknown[] }
  assert.equal(articles.length, 5)
  assert.match(String(reply.headers['x-banyan-revision']), /^[0-9a-f]{12}$/)
}

/**
 * Asks for five articles over and over, as somebody who may ask which revision answered.
 *
 * @param restMs how long each of eight clients rests between two requests
 */
export const askSteadily = (banyan: Banyan, seen: Set<string>, restMs = 0): SteadyLoad =>
  startLoad({
    url: banyan.url,
    path: '/api/articles?limit=5',
    headers: { 'x-banyan-explain': '1' },
    connections: 8,
    restMs,
    check: (reply) => {
      whole(reply)
      seen.add(String(reply.headers['x-banyan-revision']))
    },
  })

export const flipByCommand = async (banyan: Banyan, { stage, weightBp }: Flip): Promise<void> => {
  const weight = weightBp === undefined ? [] : ['--weight', `${weightBp / 100}%`]
  const result = await banyan.command('flip', 'articles.list', stage, ...weight)
  assert.equal(result.code, 0, `${result.stdout}${result.stderr}`)
}

const edited = (banyan: Banyan, flip: Flip): Edit => {
  const edit = editRoute(readFileSync(banyan.configFile, 'utf8'), 'articles.list', flip)
  assert.ok(edit)
  return edit
}

/** As an editor that writes the file in place. */
export const rewriteInPlace = (banyan: Banyan, flip: Flip): void =>
  writeFileSync(banyan.configFile, edited(banyan, flip).text)

/** As an editor that writes another file and renames it. */
export const replaceByRename = (banyan: Banyan, flip: Flip): void => {
  const { text } = edited(banyan, flip)
  writeFileSync(`${banyan.configFile}.new`, text)
  renameSync(`${banyan.configFile}.new`, banyan.configFile)
}

/** Resolves once the proxy has this route at this stage; rejects after ten seconds. */
export const atStage = async (banyan: Banyan, { stage, weightBp }: Flip): Promise<void> => {
  const isThere = async (): Promise<boolean> => {
    const route = (await banyan.routes()).find(({ id }) => id === 'articles.list')
    return route?.stage === stage && (weightBp === undefined || route.weightBp === weightBp)
  }
  await until(isThere, 10_000).catch((cause: unknown) => {
    const told = `articles.list did not come to ${stage}\n${banyan.log().slice(-2_000)}`
    throw new Error(told, { cause })
  })
}
