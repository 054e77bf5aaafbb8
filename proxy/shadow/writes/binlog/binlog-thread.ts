/** The thread that reads the binary log, so that a busy server costs the edge nothing. */
import { parentPort, workerData } from 'node:worker_threads'
import { stepBack } from '../../../targets/lanes/lane-priority.ts'
import type { BinlogTask, FromBinlog, ToBinlog } from './binlog-messages.ts'
import { createFindWrites } from './find-writes.ts'
import { comparePositions, type LogPosition } from './log-position.ts'

stepBack()

const post = (message: FromBinlog): void => parentPort?.postMessage(message)

const { address, twin } = workerData as BinlogTask
const writes = createFindWrites({ address, twin, onState: (state) => post({ is: 'state', state }) })

/** How often it is told how far the log is read. */
const tellMs = 1_000
let told: LogPosition | null = null

setInterval(() => {
  const position = writes.position()
  if (position === null || (told !== null && comparePositions(position, told) === 0)) return
  told = position
  post({ is: 'at', position })
}, tellMs).unref()

parentPort?.on('message', async ({ of, ask }: ToBinlog) => {
  post({ is: 'found', of, finding: await writes.find(ask), dropped: writes.dropped() })
})
