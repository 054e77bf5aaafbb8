/** How every command answers: text for people, JSON for scripts, never both in one stream. */
import { printable } from '../config/render-diagnostics.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { printableJson } from './text.ts'

type Asked = Pick<Common, 'json'>

/** Ends a command: thrown anywhere inside one, told by `answering`. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exit: Exit
  /** The way out; null where the message says it. */
  readonly hint: string | null

  constructor(code: Exit, message: string, hint: string | null = null) {
    super(message)
    this.exit = code
    this.hint = hint
  }
}

/** Arguments or options that make no sense. */
export const usageError = (message: string, hint: string | null = null): CommandError =>
  new CommandError(exit.usage, message, hint)

/** Prints an answer. `text` is already printable. */
export const say = (
  io: Pick<Io, 'out'>,
  { json }: Asked,
  answer: { readonly json: unknown; readonly text: string },
): void => io.out(json ? printableJson(answer.json) : answer.text)

/** Says something besides the answer, to people. */
export const note = (io: Pick<Io, 'err'>, text: string): void =>
  io.err(`banyan: ${printable(text)}\n`)

/** Prints what went wrong for people, and as JSON where that was asked for. */
const tell = (io: Pick<Io, 'out' | 'err'>, { json }: Asked, error: CommandError): Exit => {
  note(io, error.message)
  if (error.hint !== null) io.err(`  ${printable(error.hint)}\n`)
  const { message, hint } = error
  if (json) io.out(printableJson({ error: { exit: error.exit, message, hint } }))
  return error.exit
}

/** Runs a command to its exit code. Rejects only with what is a fault of Banyan's own. */
export const answering = async (
  asked: Asked,
  io: Pick<Io, 'out' | 'err'>,
  run: () => Promise<Exit>,
): Promise<Exit> => {
  try {
    return await run()
  } catch (error) {
    if (error instanceof CommandError) return tell(io, asked, error)
    throw error
  }
}
