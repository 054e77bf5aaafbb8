/** Many who write the same at once, each request on a random side. */
import assert from 'node:assert/strict'
import type { Banyan } from './lab/banyan.ts'
import { createSeededRandom } from './lab/seeded-random.ts'

const sides = ['legacy', 'modern'] as const

interface Written {
  readonly article: { readonly slug: string }
}

const post = async <Json>(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Json> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  const who = headers['x-banyan-target'] ?? 'anybody'
  assert.ok(answer.ok, `${who} answers ${answer.status} to ${url}: ${text.slice(0, 300)}`)
  return JSON.parse(text) as Json
}

/**
 * Each writer takes the same title over and over, and comments on what he wrote. Rejects with an
 * AssertionError when any of it is refused, or two articles have one slug.
 */
export const writeAtOnce = async (
  { url }: Pick<Banyan, 'url'>,
  { seed, writers, rounds }: { seed: number; writers: number; rounds: number },
): Promise<void> => {
  const name = `crowd-${seed}`
  const account = { username: name, email: `${name}@example.com`, password: 'jakejake' }
  const { user } = await post<{ user: { token: string } }>(
    `${url}/api/users`,
    { user: account },
    {},
  )
  const slugs: string[] = []
  const write = async (writer: number): Promise<void> => {
    const random = createSeededRandom(seed * 100 + writer)
    const headers = () => ({
      authorization: `Token ${user.token}`,
      'x-banyan-target': random.pick(sides),
    })
    for (let round = 0; round < rounds; round += 1) {
      const article = { title: name, description: 'd', body: 'b', tagList: ['crowd', `r${round}`] }
      const written = await post<Written>(`${url}/api/articles`, { article }, headers())
      slugs.push(written.article.slug)
      const path = `${url}/api/articles/${written.article.slug}/comments`
      await post(path, { comment: { body: 'b' } }, headers())
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
  const expected = slugs.map((_, index) => (index === 0 ? name : `${name}-${index + 1}`))
  assert.deepEqual(slugs.toSorted(), expected.toSorted(), 'each article has a slug of its own')
}
