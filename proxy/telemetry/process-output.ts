/** What the code of handlers and drivers prints in this process: lines of the log, not between them. */
import { catchOutput, createLines } from '../targets/lanes/lane-output.ts'
import type { Log } from './log.ts'

/** A library that warns at each request is heard once, and one that never says the same, so often. */
const mostWarnings = 100

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
  const told = new Set<string>()
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message, code }: Error & { code?: string }) => {
    const all = `${name} ${code} ${message}`
    if (told.has(all) || told.size >= mostWarnings) return
    told.add(all)
    log.warn('process_warning', { name, code: code ?? null, why: message })
  })
}
