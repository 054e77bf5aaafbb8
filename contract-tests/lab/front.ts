/** PHP and Ruby behind one origin, split by path, as a web server before them would. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { World } from './world.ts'

export interface Front {
  /** `http://127.0.0.1:port` */
  readonly url: string
  close(): Promise<void>
}

const rubys = /^\/(?:api\/(?:users?|profiles)|account)(?:[/?]|$)/

const pass = (incoming: IncomingMessage, outgoing: ServerResponse, origin: string): void => {
  const { method, headers, url = '/' } = incoming
  const onward = request(origin + url, { method, headers, agent: false }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(outgoing)
  })
  onward.once('error', () => outgoing.destroy())
  incoming.pipe(onward)
}

/** Has no opinion of its own: what neither side answers ends the connection. */
export const startFront = async ({ php, ruby }: Pick<World, 'php' | 'ruby'>): Promise<Front> => {
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, rubys.test(incoming.url ?? '') ? ruby.url : php.url)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
