import { deepEqual, rejects } from 'node:assert/strict'
import { type Answer, startMysqlLab } from '../mysql-lab.ts'
import { openBinlogStream } from './binlog-stream.ts'

/** The statement before the stream that is not answered. */
const silences: readonly [string, (sql: string) => Answer][] = [
  ['any statement', () => null],
  ['the last one', (sql) => (sql.includes('heartbeat') ? null : [])],
]

describe('a stream of a binary log', () => {
  for (const [what, answerTo] of silences)
    it(`is not opened where the server does not answer ${what} before it`, async () => {
      const lab = await startMysqlLab(answerTo)
      const { address } = lab
      const ends: string[] = []
      const stream = openBinlogStream({
        ...{ address, from: { file: 'a.1', offset: 4 }, silenceMs: 50, onEvent() {} },
        onEnd: ({ message }) => void ends.push(message),
      })
      await rejects(stream, /says nothing any more/)
      deepEqual(ends, ['the server says nothing any more'])
      await lab.close()
    })
})
