/** A process in which a thread tries to leak; for a test that kills it. The task is its one argument. */
import { type LeakTask, leakInThread } from './leaking.ts'

await leakInThread(JSON.parse(process.argv[2] ?? '') as LeakTask, null)
