/** The part of `npm run demo -- --check` that looks at comparisons: what is planted must be found. */
import assert from 'node:assert/strict'
import type { RouteDiffs } from '../../proxy/cutover/route-diffs.ts'
import type { Banyan } from './banyan.ts'
import { findSights, type Sights } from './sample-traffic.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

/** What the handlers of `planted-differences.ts` get wrong: `kind place`. */
const planted: Readonly<Record<string, readonly string[]>> = {
  'articles.get': [
    'value /article/favoritesCount',
    'order /article/tagList',
    'value /article/createdAt',
  ],
  'stats.get': ['precision /views', 'type /tags'],
}

/** The route whose handler is right. */
const clean = 'profiles.get'

/** Sightings of one request that count, and those more that a gate of this size needs. */
const sightings = 3

/** What comparisons may take on a machine that has much else to do. ms */
const patience = 60_000

const pathsOf = ({ slugs, usernames }: Sights): readonly string[] => [
  '/api/stats',
  '/api/stats?tagsOf=nobody',
  ...slugs.slice(0, 12).map((slug) => `/api/articles/${encodeURIComponent(slug)}`),
  ...usernames.slice(0, 20).map((name) => `/api/profiles/${encodeURIComponent(name)}`),
]

const readJson = async <Json>(url: string): Promise<Json> =>
  (await (await fetch(url)).json()) as Json

const diffsOf = async ({ adminUrl }: Banyan, route: string): Promise<RouteDiffs | null> =>
  (await readJson<{ diffs: RouteDiffs | null }>(`${adminUrl}/v1/routes/${route}/diffs`)).diffs

const foundIn = (diffs: RouteDiffs | null): readonly string[] =>
  (diffs?.places ?? [])
    .filter(({ as }) => as === 'difference')
    .map(({ kind, pattern }) => `${kind} ${pattern}`)

const visit = async (banyan: Banyan, paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    const answer = await fetch(new URL(path, banyan.url))
    assert.equal(answer.status, 200, path)
    await answer.arrayBuffer()
  }
}

const assertFound = async (banyan: Banyan, route: string): Promise<void> => {
  const wanted = (planted[route] ?? []).toSorted()
  const hasAll = async (): Promise<RouteDiffs | null> => {
    const diffs = await diffsOf(banyan, route)
    const found = foundIn(diffs)
    return wanted.every((each) => found.includes(each)) ? diffs : null
  }
  const diffs = await until(hasAll, patience).catch(async () => diffsOf(banyan, route))
  assert.deepEqual(foundIn(diffs).toSorted(), wanted, `what is planted in ${route}`)
  const parity = diffs?.gates.find(({ name }) => name === 'parity')
  assert.equal(parity?.verdict, 'fail', `${route}: ${parity?.sentence}`)
}

const assertClean = async (banyan: Banyan): Promise<void> => {
  const parityOf = async () =>
    (await diffsOf(banyan, clean))?.gates.find(({ name }) => name === 'parity')
  await until(async () => (await parityOf())?.verdict === 'pass', patience).catch(() => {})
  const parity = await parityOf()
  assert.equal(parity?.verdict, 'pass', `${clean}: ${parity?.sentence}`)
  assert.deepEqual(foundIn(await diffsOf(banyan, clean)), [])
}

/** An exchange can be looked at and asked again. */
const assertShown = async (banyan: Banyan): Promise<void> => {
  const diffs = await diffsOf(banyan, 'stats.get')
  const id = diffs?.places.find(({ pattern }) => pattern === '/views')?.example?.id ?? ''
  const shown = await banyan.command('show', id)
  assert.match(shown.stdout, /"views": "\d+",? +\| +"views": "\d+"/, shown.stderr)
  const again = await banyan.command('curl', id)
  assert.match(again.stdout, /^curl [\s\S]*\/api\/stats/, again.stderr)
}

/** Rejects at the first thing that is wrong. */
export const checkShadows = async (
  world: World,
  banyan: Banyan,
  say: (line: string) => void,
): Promise<void> => {
  const paths = pathsOf(await findSights(world.php.url))
  for (let time = 0; time < sightings; time++) await visit(banyan, paths)
  for (const route of Object.keys(planted)) await assertFound(banyan, route)
  say('ok  what the handlers get wrong on purpose is found, by kind and place')
  await assertClean(banyan)
  say(`ok  the gate says that ${clean} is proven`)
  await assertShown(banyan)
  say('ok  an exchange can be shown, and asked again')
}
