/** The origin of the bench, a process of its own: answers 300 bytes of JSON as fast as Node can. */
import { createServer } from 'node:net'

const body = JSON.stringify({ articles: 'x'.repeat(280) }).padEnd(300)
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
)

const server = createServer((socket) => {
  let tail = ''
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    tail += chunk.toString('latin1')
    for (let end = tail.indexOf('\r\n\r\n'); end !== -1; end = tail.indexOf('\r\n\r\n')) {
      tail = tail.slice(end + 4)
      socket.write(answer)
    }
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') process.send?.({ port: address.port })
})
process.on('disconnect', () => process.exit(0))
