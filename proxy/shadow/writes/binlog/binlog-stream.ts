/** Follows the binary log of a server as a replica does: mysql2 carries it, and reads none of it. */
import {
  loadMysql,
  type MysqlAddress,
  type MysqlConnection,
  openConnection,
} from '../mysql-link.ts'
import { createEnding } from './ending.ts'
import type { LogPosition } from './log-position.ts'

export interface BinlogStreamOptions {
  readonly address: MysqlAddress
  readonly from: LogPosition
  /** One event with its header; good only until it returns. It must not throw. */
  readonly onEvent: (bytes: Buffer) => void
  /** Called once: the stream has ended, and with what. Not after `close`. */
  readonly onEnd: (error: Error) => void
  /** How long a stream may say nothing, not even that it has nothing to say. */
  readonly silenceMs?: number
}

export interface BinlogStream {
  close(): void
}

/** What is used of a packet of mysql2. */
interface Packet {
  readonly buffer: Buffer
  readonly offset: number
  readonly end: number
  isError(): boolean
  isEOF(): boolean
  asError(encoding: string): Error
}

/** What a command of mysql2 may use of its connection, besides what everybody may. */
interface CommandConnection extends MysqlConnection {
  addCommand(command: object): unknown
  write(bytes: Buffer): void
  sequenceId: number
}

const dumpCommand = 0x12
/** Statements come before the rows that they changed (MariaDB: BINLOG_SEND_ANNOTATE_ROWS_EVENT). */
const sendAnnotations = 2

/** Of two replicas with one id, servers end the older. */
const ownServerId = (): number => 2 ** 31 + Math.floor(Math.random() * (2 ** 31 - 2))

/** COM_BINLOG_DUMP (MySQL internals manual; mariadb.com/kb/en/com_binlog_dump). */
const dumpPacket = ({ file, offset }: LogPosition): Buffer => {
  const body = Buffer.alloc(11)
  body.writeUInt8(dumpCommand, 0)
  body.writeUInt32LE(offset, 1)
  body.writeUInt16LE(sendAnnotations, 5)
  body.writeUInt32LE(ownServerId(), 7)
  const payload = Buffer.concat([body, Buffer.from(file)])
  const header = Buffer.alloc(4)
  header.writeUIntLE(payload.length, 0, 3)
  return Buffer.concat([header, payload])
}

const heartbeatMs = 2_000

/** Either name of each is not known to some servers, which does no harm: they are user variables. */
const settings = [
  'SET @mariadb_slave_capability = 4',
  "SET @master_binlog_checksum = 'NONE', @source_binlog_checksum = 'NONE'",
  `SET @master_heartbeat_period = ${heartbeatMs}000000, @source_heartbeat_period = ${heartbeatMs}000000`,
]

const run = (connection: MysqlConnection, sql: string): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.query({ sql }, (error) => (error === null ? resolve() : reject(error)))
  })

/** A command of mysql2 that never ends. */
const createDump = (
  from: LogPosition,
  to: { readonly event: (bytes: Buffer) => void; readonly ended: (error: Error) => void },
): object => ({
  execute(packet: Packet | undefined, connection: CommandConnection): boolean {
    if (packet === undefined) {
      connection.write(dumpPacket(from))
      connection.sequenceId = 1
      return false
    }
    if (packet.isError()) to.ended(packet.asError('utf8'))
    else if (packet.isEOF()) to.ended(new Error('the server ended the stream'))
    // A byte that says it is fine stands before each event.
    else to.event(packet.buffer.subarray(packet.offset + 1, packet.end))
    return false
  },
})

/** Rejects where the server cannot be reached, or says nothing. What it refuses later ends the stream. */
export const openBinlogStream = async (options: BinlogStreamOptions): Promise<BinlogStream> => {
  const { address, from, onEvent, onEnd, silenceMs = 5 * heartbeatMs } = options
  const connection = (await openConnection(
    loadMysql(import.meta.filename),
    address,
  )) as CommandConnection
  const opening = createEnding()
  let isOver = false
  const end = (): boolean => {
    if (isOver) return false
    isOver = true
    clearTimeout(timer)
    connection.destroy()
    return true
  }
  const ended = (error: unknown): void => {
    if (!end()) return
    const why = error instanceof Error ? error : new Error('the connection is gone')
    opening.fail(why)
    onEnd(why)
  }
  const timer = setTimeout(ended, silenceMs, new Error('the server says nothing any more'))
  connection.on('error', ended)
  connection.on('end', ended)
  try {
    // The driver calls nobody back whose connection was destroyed.
    for (const sql of settings) await Promise.race([run(connection, sql), opening.ended])
  } catch (error) {
    end()
    throw error
  }
  const event = (bytes: Buffer): void => {
    timer.refresh()
    if (!isOver) onEvent(bytes)
  }
  connection.addCommand(createDump(from, { event, ended }))
  return { close: () => void end() }
}
