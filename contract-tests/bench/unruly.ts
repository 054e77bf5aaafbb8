/** What misbehaves while isolation is measured: in the shadows, and in processes that are not ours. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliCompress } from 'node:zlib'

export const deeds = ['hang', 'spin', 'allocate', 'exit', 'bomb'] as const
export type Deed = (typeof deeds)[number]

/** What a process that has nothing to do with the proxy does meanwhile. */
export type Foreign = 'nothing' | 'spin' | 'allocate'

/**
 * What runs beside the legs without. A core that is taken is taken, whoever takes it: a collector
 * takes one, too, and so does a lane that is started and a bomb that is unpacked. Those are also measured
 * against nothing.
 */
export const foreignOf: Readonly<Record<Deed, readonly Foreign[]>> = {
  hang: ['nothing'],
  spin: ['spin'],
  allocate: ['nothing', 'allocate'],
  exit: ['nothing', 'spin'],
  bomb: ['nothing', 'spin'],
}

/** As the handler does, but that it begins anew before its heap is full. */
const allocating = `for (;;) {
  const kept = []
  while (kept.length < 20_000) kept.push(Array.from({ length: 100 }, (_, n) => kept.length + ' ' + n))
}`

const scripts: Readonly<Record<Exclude<Foreign, 'nothing'>, string>> = {
  spin: 'for (;;);',
  allocate: allocating,
}

/** Returns how to end it. */
export const startForeign = async (does: Foreign): Promise<() => void> => {
  if (does === 'nothing') return () => {}
  const child: ChildProcess = spawn(process.execPath, ['-e', scripts[does]], { stdio: 'ignore' })
  await once(child, 'spawn')
  return () => void child.kill('SIGKILL')
}

/** Zeros that unpack to 512 MiB from some four hundred bytes. */
export const writeBomb = async (file: string): Promise<void> => {
  const zeros = Buffer.alloc(2 ** 20)
  const pieces = Readable.from(Array.from({ length: 512 }, () => zeros))
  const packed = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  await pipeline(pieces, packed, createWriteStream(file))
}
