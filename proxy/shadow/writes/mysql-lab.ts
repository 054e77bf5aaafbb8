/** A server that lets everybody in, and says what it is told to. */
import { once } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import { loadMysql, type MysqlAddress } from './mysql-link.ts'

type Rows = readonly (readonly (string | null)[])[]

/** Null: it says nothing at all. An error: it refuses. */
export type Answer = Rows | Error | null

export interface MysqlLab {
  readonly address: MysqlAddress
  /** What it was asked, over all connections. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** What is used of a connection of mysql2 on the server's side. */
interface ServerConnection {
  readonly stream: Socket
  sequenceId: number
  on(event: string, listener: (...given: never[]) => void): unknown
  serverHandshake(hello: object): void
  writeOk(): void
  writeError(error: { readonly message: string; readonly code: number }): void
  writeColumns(columns: readonly object[]): void
  writeTextRow(row: readonly (string | null)[]): void
  writeEof(): void
}

interface MysqlServer {
  readonly _server: Server
  on(event: 'connection', listener: (connection: ServerConnection) => void): unknown
  listen(port: number, host: string): unknown
}

const hello = {
  ...{ protocolVersion: 10, serverVersion: '10.11.0-MariaDB', connectionId: 1 },
  ...{ statusFlags: 2, characterSet: 45, capabilityFlags: 0xff_f7_ff & ~0x820 },
}

const column = (name: string): object => ({
  ...{ catalog: 'def', schema: '', table: '', orgTable: '', name, orgName: name },
  ...{ characterSet: 45, columnLength: 255, columnType: 253, flags: 0, decimals: 0 },
})

const say = (connection: ServerConnection, answer: Rows | Error): void => {
  if (answer instanceof Error) {
    connection.writeError({ message: answer.message, code: 1064 })
    return
  }
  const [first] = answer
  if (first === undefined) {
    connection.writeOk()
    return
  }
  connection.writeColumns(first.map((_, n) => column(`c${n}`)))
  for (const row of answer) connection.writeTextRow(row)
  connection.writeEof()
}

/** Of both sides together, each command counts its packets anew. */
const letIn = (connection: ServerConnection): void =>
  connection.serverHandshake({
    ...hello,
    authCallback(_: unknown, done: (error: null) => void) {
      done(null)
      connection.sequenceId = 0
    },
  })

/** @param answerTo what it says to a statement; no rows: that it is done */
export const startMysqlLab = async (answerTo: (sql: string) => Answer): Promise<MysqlLab> => {
  const { createServer } = loadMysql(import.meta.filename)
  const server = (createServer as () => MysqlServer)()
  const sockets = new Set<Socket>()
  const asked: string[] = []
  server.on('connection', (connection) => {
    sockets.add(connection.stream)
    connection.on('error', () => {})
    const hear = (sql: string): void => {
      asked.push(sql)
      const answer = answerTo(sql)
      connection.sequenceId = 1
      if (answer !== null) say(connection, answer)
      connection.sequenceId = 0
    }
    // The driver takes every SET for a preparation.
    for (const event of ['query', 'stmt_prepare']) connection.on(event, hear)
    letIn(connection)
  })
  server.listen(0, '127.0.0.1')
  await once(server._server, 'listening')
  const { port } = server._server.address() as AddressInfo
  return {
    address: { host: '127.0.0.1', port, user: 'u', password: '', database: 'shop' },
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      server._server.close()
      await once(server._server, 'close')
    },
  }
}
