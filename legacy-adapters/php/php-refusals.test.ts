import assert from 'node:assert/strict'
import { callJson } from '../../contract-tests/lab/call-json.ts'
import { ann, eachLegacy, jake } from '../../contract-tests/lab/each-legacy.ts'

const here = '/api/articles/by-jake'
const nowhere = '/api/articles/none'

/** Each with a body that would be refused, too: what is asked first is answered first. */
const guarded = [
  'GET /api/articles/feed',
  'POST /api/articles',
  `PUT ${nowhere}`,
  `DELETE ${nowhere}`,
  `POST ${nowhere}/comments`,
  `DELETE ${nowhere}/comments/1`,
  `POST ${nowhere}/favorite`,
  `DELETE ${nowhere}/favorite`,
]
const wrong = 'no JSON'
const bodyFor = (line: string): object => (line.startsWith('GET') ? {} : { body: wrong })

eachLegacy('php', (legacy) => {
  const refusal = async (line: string, headers: Record<string, string>): Promise<unknown> => {
    const { status, json } = await callJson(legacy().url, { line, headers, ...bodyFor(line) })
    return [status, json.errors]
  }

  for (const line of guarded) {
    it(`answers 401 to ${line} before anything else`, async () => {
      assert.deepEqual(await refusal(line, {}), [401, { token: ['is missing'] }])
      const bad = { authorization: 'Token x' }
      assert.deepEqual(await refusal(line, bad), [401, { token: ['is invalid'] }])
    })
  }

  for (const line of [...guarded.slice(2), `${nowhere}/comments`]) {
    it(`answers 404 to ${line}`, async () => {
      const headers = line.startsWith('/') ? {} : jake()
      const body = line.startsWith('/') ? {} : { body: wrong }
      const { status, json } = await callJson(legacy().url, { line, headers, ...body })
      assert.deepEqual([status, json.errors], [404, { article: ['not found'] }])
    })
  }

  for (const method of ['PUT', 'DELETE']) {
    it(`answers 403 to ${method} of somebody else's article`, async () => {
      assert.deepEqual(await refusal(`${method} ${here}`, ann()), [403, { article: ['forbidden'] }])
    })
  }

  for (const line of ['POST /api/articles', `PUT ${here}`, `POST ${here}/comments`]) {
    it(`answers 400 to ${line} with what is no JSON`, async () => {
      assert.deepEqual(await refusal(line, jake()), [400, { body: ['is not valid JSON'] }])
    })
  }
})
