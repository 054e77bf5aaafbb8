/** Plays a script on Node's request and response: in an origin server, or in a handler. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import type { Play, Script } from '../scripted.ts'
import type { RawHeaders } from '../send.ts'

const pairs = (lines: RawHeaders): Array<[string, string]> => {
  const found: Array<[string, string]> = []
  for (let at = 0; at + 1 < lines.length; at += 2) {
    found.push([lines[at] ?? '', lines[at + 1] ?? ''])
  }
  return found
}

const grouped = (lines: RawHeaders): Record<string, string[]> => {
  const groups: Record<string, string[]> = {}
  for (const [name, value] of pairs(lines)) groups[name] = [...(groups[name] ?? []), value]
  return groups
}

const hasRoom = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })

const playOn = (request: IncomingMessage, response: ServerResponse): Play => ({
  method: request.method ?? '',
  url: request.url ?? '',
  headers: request.rawHeaders,
  upload: request,
  early: (_status, headers) => response.writeEarlyHints(grouped(headers)),
  head(status, headers = []) {
    for (const [name, value] of pairs(headers)) response.appendHeader(name, value)
    response.writeHead(status)
    if (response.req.method !== 'HEAD') response.flushHeaders()
  },
  async write(chunk) {
    if (response.destroyed || response.writableEnded) return false
    if (!response.write(chunk) && !response.destroyed) await hasRoom(response)
    await turn()
    return !response.destroyed
  },
  end(trailers = []) {
    if (trailers.length > 0) response.addTrailers(pairs(trailers))
    response.end()
  },
  sever: () => {
    response.destroy()
  },
  over: new Promise((resolve) => {
    response.once('close', resolve)
  }),
})

/** A request listener that behaves as the script says. What the script throws severs the exchange. */
export const nodeScript =
  (script: Script) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    request.on('error', () => {})
    response.on('error', () => {})
    const perform = async (): Promise<void> => script(playOn(request, response))
    perform().catch(() => response.destroy())
  }
