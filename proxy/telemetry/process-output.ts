/** What the code of handlers and drivers prints in this process: lines of the log, not between them. */
import { catchOutput, createLines } from '../targets/lanes/lane-output.ts'
import type { Log } from './log.ts'

/** Takes over standard output, which is the log's, and the warnings of Node. Once in a process. */
export const logOutput = (log: Pick<Log, 'info' | 'warn'>): void => {
  const tell = (line: string | null): void => {
    if (line === null) log.warn('process_output_dropped')
    else log.info('process_output', { line })
  }
  catchOutput(
    process.stdout,
    createLines(tell, () => performance.now()),
  )
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message, code }: Error & { code?: string }) => {
    log.warn('process_warning', { name, code: code ?? null, why: message })
  })
}
