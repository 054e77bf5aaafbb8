/** `banyan flip`: sets the stage of one route in the file, after the same checks as a reload. */
import { realpathSync } from 'node:fs'
import type { ReloadOutcome } from '../admin/change-paths.ts'
import type { RouteChange } from '../config/edit.ts'
import { printable } from '../config/render-diagnostics.ts'
import { suggest } from '../config/suggest.ts'
import { readShare } from '../config/units.ts'
import { ReadOnlyError } from '../config/write-file.ts'
import { stages } from '../stage.ts'
import { type AdminClient, createAdminClient } from './admin-client.ts'
import { findAdmin } from './find-admin.ts'
import { type PlannedFlip, planFlip, writeFlip } from './flip-file.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { answering, CommandError, note, say, usageError } from './say.ts'
import type { ProcessReply } from './status-view.ts'
import { createPaint } from './text.ts'

export interface FlipOptions extends Common {
  readonly route: string
  readonly stage: string
  /** A share such as `10%`; null: the weight stays as it is. */
  readonly weight: string | null
  readonly admin: string | null
}

const changeOf = ({ stage, weight }: FlipOptions): RouteChange => {
  const known = stages.find((each) => each === stage)
  if (known === undefined) throw usageError(`"${stage}" is no stage`, suggest(stage, stages))
  if (weight === null) return { stage: known }
  if (known !== 'canary') throw usageError(`${known} has no weight; only canary has one`)
  const weightBp = readShare(weight)
  if (weightBp === null) throw usageError(`"${weight}" is no share`, 'write 10% or 0.05%')
  return { stage: known, weightBp }
}

const diff = ({ file, edit }: PlannedFlip, io: Io): string => {
  const paint = createPaint(io.color)
  const lines = (sign: string, text: string) =>
    text.split('\n').map((line) => `${sign} ${printable(line)}`)
  return [
    `${printable(file)}:${edit.line}`,
    ...lines('-', edit.before).map((line) => paint('red', line)),
    ...lines('+', edit.after).map((line) => paint('green', line)),
    '',
  ].join('\n')
}

/** What a running proxy makes of the change. */
interface Effect {
  readonly effect: 'inForce' | 'notRunning' | 'otherFile'
  /** Null: no proxy has it in force. */
  readonly inForce: string | null
}

const isSameFile = (served: string | null, path: string): boolean => {
  try {
    return served !== null && realpathSync(served) === realpathSync(path)
  } catch {
    return false
  }
}

/** Asks the proxy to read the file now, instead of when its watch sees it. */
const reload = async (client: AdminClient): Promise<ReloadOutcome> => {
  try {
    return (await client.expect('POST', '/v1/config:reload', {})) as ReloadOutcome
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const message = `the file is written and the running proxy did not take it: ${error.message}`
    throw new CommandError(error.exit, message, '"banyan check" and "banyan status" say more')
  }
}

const apply = async (options: FlipOptions, io: Io): Promise<Effect> => {
  const client = createAdminClient(await findAdmin(options, io), io)
  const status = await client.ask('GET', '/v1/status').catch(() => null)
  if (status === null) return { effect: 'notRunning', inForce: null }
  const served = (status.body as Partial<ProcessReply> | null)?.config?.file ?? null
  if (!isSameFile(served, options.config)) return { effect: 'otherFile', inForce: null }
  return { effect: 'inForce', inForce: (await reload(client)).revision }
}

const sentences: Readonly<Record<Effect['effect'], string>> = {
  inForce: 'in force',
  notRunning: 'written; no proxy runs here, it is in force at the next start',
  otherFile: 'written; the proxy that runs here serves another file',
}

/** Exits 3 where the file may not be written: the edit is printed, to be made where it comes from. */
export const flip = (options: FlipOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const planned = await planFlip(options, changeOf(options), io)
    const { config, edit, file, before } = planned
    const { revision } = config
    const { line, before: was, after } = edit
    const json = { file, line, before: was, after, revision }
    if (edit.text === before) {
      say(io, options, { json, text: `${printable(file)} says so already\n` })
      return exit.fine
    }
    try {
      await writeFlip(planned)
    } catch (error) {
      if (!(error instanceof ReadOnlyError)) throw error
      say(io, options, { json: { ...json, effect: 'readOnly' }, text: diff(planned, io) })
      note(io, `${file} cannot be written here; make this edit where it comes from, in Git`)
      return exit.unreachable
    }
    if (!options.json) io.out(diff(planned, io))
    const { effect, inForce } = await apply(options, io)
    const text = `${sentences[effect]}: revision ${printable(inForce ?? revision)}\n`
    say(io, options, { json: { ...json, effect, inForce }, text })
    return exit.fine
  })
