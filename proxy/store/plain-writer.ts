/** A process that writes evidence without end, and says whenever some of it is written. */
import { plainEvidence } from './plain-records.ts'
import { createStoreWorker } from './store-worker.ts'

const [, , url = ''] = process.argv
const worker = createStoreWorker({ url, limitBytes: 1e9, keepMs: 1e13 }, Date.now)
for (let trials = 1; process.connected; trials++) {
  const evidence = [plainEvidence({ trials, last: Date.now() })]
  await worker.handle({ is: 'write', batch: { evidence, exemplars: [] } })
  process.send?.(trials)
}
