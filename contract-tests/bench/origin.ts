/** The origin of the bench, a process of its own: answers as fast as Node can, and reads nothing twice. */
import { createServer, type Socket } from 'node:net'
import { smallBody } from './cases.ts'

const answer = (type: string, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`,
    ),
    body,
  ])

const small = answer('application/json', Buffer.from(smallBody))
const large = answer('application/octet-stream', Buffer.alloc(1_048_576, 'x'))

/** Writes so many bytes as fast as they are taken. */
const pour = (socket: Socket, bytes: number): void => {
  const chunk = Buffer.alloc(1_048_576, 'x')
  let left = bytes
  const send = (): void => {
    while (left > 0) {
      const piece = left < chunk.length ? chunk.subarray(0, left) : chunk
      left -= piece.length
      if (!socket.write(piece)) return
    }
    socket.off('drain', send)
  }
  socket.on('drain', send)
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`)
  send()
}

const hugePath = /^GET \/files\/huge\?bytes=(\d+)/
type Answer = (socket: Socket) => unknown

const answerSmall: Answer = (socket) => socket.write(small)
const answerLarge: Answer = (socket) => socket.write(large)

const answerTo = (head: string): Answer => {
  if (!head.startsWith('GET /files/')) return answerSmall
  const bytes = hugePath.exec(head)?.[1]
  return bytes === undefined ? answerLarge : (socket) => pour(socket, Number(bytes))
}

const lengthLine = /\r\ncontent-length: *(\d+)/i

const server = createServer((socket) => {
  let head = ''
  /** Of an upload, bytes still to come. */
  let left = 0
  let next = answerTo('')
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    if (left > 0) {
      left -= chunk.length
      if (left === 0) next(socket)
      return
    }
    head += chunk.toString('latin1')
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    next = answerTo(head)
    left = Number(lengthLine.exec(head)?.[1] ?? 0) - (head.length - end - 4)
    head = ''
    if (left === 0) next(socket)
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port })
})
process.on('disconnect', () => process.exit(0))
