/** The thread that reads the binary log, so that a busy server costs the edge nothing. */
import { parentPort, workerData } from 'node:worker_threads'
import type { BinlogTask, FromBinlog, ToBinlog } from './binlog-messages.ts'
import { createFindWrites } from './find-writes.ts'

const post = (message: FromBinlog): void => parentPort?.postMessage(message)

const { address } = workerData as BinlogTask
const writes = createFindWrites({ address, onState: (state) => post({ is: 'state', state }) })

parentPort?.on('message', async ({ of, ask }: ToBinlog) => {
  post({ is: 'found', of, finding: await writes.find(ask), dropped: writes.dropped() })
})
