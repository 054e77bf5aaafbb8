/** How far something is, on the error stream: redrawn on a terminal, a line now and then elsewhere. */
import { printable } from '../config/render-diagnostics.ts'
import type { Io } from './io.ts'

export interface Progress {
  show(text: string): void
  /** Leaves the line empty for what follows. */
  clear(): void
}

const everyMs = 10_000

export const createProgress = ({
  err,
  terminal,
  now,
}: Pick<Io, 'err' | 'terminal' | 'now'>): Progress => {
  let lastMs = now()
  return {
    show(text) {
      if (terminal) return err(`\r${printable(text)}\u001b[K`)
      if (now() - lastMs < everyMs) return
      lastMs = now()
      err(`banyan: ${printable(text)}\n`)
    },
    clear() {
      if (terminal) err('\r\u001b[K')
    },
  }
}
