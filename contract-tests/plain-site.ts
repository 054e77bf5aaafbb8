/** A legacy and its rewrite that are nothing but Node: as fast as the proxy, or faster. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { bareSurroundings } from './lab/bare-surroundings.ts'

const articles = JSON.stringify({
  articles: Array.from({ length: 5 }, (_, i) => ({ slug: `article-${i}`, body: 'x'.repeat(500) })),
})

const legacy: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(articles)
}

/** Answers on a later turn, as a handler with a database would. */
const handlers = `
export const build = 'plain'
const text = ${JSON.stringify(articles)}
export const createApp = () => ({
  app: {
    callback: () => (request, response) => setImmediate(() => {
      response.setHeader('content-type', 'application/json')
      response.end(text)
    }),
    on() {},
  },
  close: async () => {},
})
`

const config = (legacyUrl: string): string => `
listen: { host: 127.0.0.1, port: "\${BANYAN_PORT}", trustedProxies: [127.0.0.0/8], drain: { delay: 0s, grace: 0s } }
admin: { port: "\${BANYAN_ADMIN_PORT}" }
stateDir: "\${BANYAN_STATE_DIR}"
handlers: { module: ./handlers.mjs }
upstreams:
  php: { url: "${legacyUrl}" }
defaults: { legacy: php, modern: handlers, caller: ["header:x-user-id"] }
routes:
  articles.list: { match: GET /api/articles, effects: read, stage: legacy }
  rest: { match: "/*", modern: null }
`

export interface PlainSite {
  readonly banyan: Banyan
  close(): Promise<void>
}

export const startPlainSite = async (dir: string): Promise<PlainSite> => {
  const server = createServer(legacy).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const configFile = join(dir, 'banyan.yaml')
  writeFileSync(join(dir, 'handlers.mjs'), handlers)
  writeFileSync(configFile, config(`http://127.0.0.1:${port}`))
  const banyan = await startBanyan(bareSurroundings(dir), { configFile })
  return {
    banyan,
    async close() {
      await banyan.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
