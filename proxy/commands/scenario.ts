/** `banyan scenario`: one exchange as a test that holds modern to what legacy answered. */
import { readExchanges } from '../recording/read-recording.ts'
import { exemplarOfRecorded, type RecordedExemplar } from '../recording/scenario-exchange.ts'
import { isScenarioForm, scenarioText } from '../recording/scenario-text.ts'
import { readExemplar } from '../store/stored-json.ts'
import { createAdminClient } from './admin-client.ts'
import { findAdmin } from './find-admin.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { survey } from './replay-checks.ts'
import { answering, CommandError, usageError } from './say.ts'

export interface ScenarioOptions extends Common {
  readonly id: string
  /** A recording; null: the running proxy is asked. */
  readonly from: string | null
  readonly form: string
  /** Origin of the admin port; null: what the config says. */
  readonly admin: string | null
}

const findRecorded = async (path: string, id: string): Promise<RecordedExemplar> => {
  await survey(path)
  for await (const recorded of readExchanges(path)) {
    if (recorded.id === id) return exemplarOfRecorded(recorded, null)
  }
  throw new CommandError(exit.no, `${path} has no exchange "${id}"`)
}

const findExemplar = async (options: ScenarioOptions, io: Io): Promise<RecordedExemplar> => {
  const client = createAdminClient(await findAdmin(options, io), io)
  const found = await client.expect('GET', `/v1/exemplars/${encodeURIComponent(options.id)}`)
  return { exemplar: readExemplar(JSON.stringify(found)), leftOut: [] }
}

/** Prints source, whatever `--json` says. Exits 1 where there is no such exchange. */
export const scenario = (options: ScenarioOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const { id, from, form } = options
    if (!isScenarioForm(form)) throw usageError(`"${form}" is no form`, 'scenario or mocha')
    const found = await (from === null ? findExemplar(options, io) : findRecorded(from, id))
    io.out(scenarioText(found.exemplar, form, found.leftOut))
    return exit.fine
  })
