/** The PHP sample, with what a test has it write besides. */
import { request as send } from 'node:http'
import type { Listener } from '../proxy/shadow/shadow-lab.ts'
import { jake } from './lab/each-legacy.ts'
import type { Legacy } from './lab/legacy.ts'

export const json = { 'content-type': 'application/json' }

/** What legacy does besides, before it answers; its statements name the request. */
export type Besides = (tag: string, title: string) => Promise<unknown>

/** Null: it does not even do what it is asked for. */
export interface Acts {
  besides: Besides | null
}

/** Passes each request on, and does what `acts` say by then. */
export const legacyBesides =
  (php: () => Legacy, acts: Acts): Listener =>
  (message, answer) => {
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    message.on('end', () => {
      const body = Buffer.concat(chunks)
      const { besides } = acts
      if (besides === null) return void answer.writeHead(201, json).end('{}')
      const { method, url = '', headers } = message
      const onward = send(`${php().url}${url}`, { method, headers }, async (from) => {
        const { title } = JSON.parse(String(body)).article
        await besides(`/* rid='${headers['x-request-id']}' */`, title)
        answer.writeHead(from.statusCode ?? 0, from.headers)
        from.pipe(answer)
      })
      onward.end(body)
    })
  }

interface Post {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** A new article as somebody sends it. */
export const postOf = (title: string, tagList: readonly string[] = []): Post => ({
  method: 'POST',
  headers: { ...json, ...jake() },
  body: JSON.stringify({ article: { title, description: 'd', body: 'b', tagList } }),
})
