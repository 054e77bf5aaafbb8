/** `banyan scenario`: one exchange as a test that holds modern to what legacy answered. */
import { readExchanges } from '../recording/read-recording.ts'
import { exemplarOfRecorded, type RecordedExemplar } from '../recording/scenario-exchange.ts'
import { isScenarioForm, scenarioText } from '../recording/scenario-text.ts'
import { readExemplar } from '../store/stored-json.ts'
import { type Exit, exit, type Io } from './io.ts'
import { survey } from './replay-checks.ts'
import { answering, CommandError, usageError } from './say.ts'
import { type AskedExemplar, fetchExemplar } from './show.ts'

export interface ScenarioOptions extends AskedExemplar {
  /** A recording; null: the running proxy is asked. */
  readonly from: string | null
  readonly form: string
}

const findRecorded = async (
  path: string,
  { id, route }: AskedExemplar,
): Promise<RecordedExemplar> => {
  await survey(path)
  for await (const recorded of readExchanges(path)) {
    const isIt = recorded.id === id && (route === null || recorded.route === route)
    if (isIt) return exemplarOfRecorded(recorded, null)
  }
  const where = route === null ? '' : ` of "${route}"`
  throw new CommandError(exit.no, `${path} has no exchange "${id}"${where}`)
}

const findExemplar = async (options: ScenarioOptions, io: Io): Promise<RecordedExemplar> => {
  const { json } = await fetchExemplar(options, io)
  return { exemplar: readExemplar(JSON.stringify(json)), leftOut: [] }
}

/** Prints source, whatever `--json` says. Exits 1 where there is no such exchange. */
export const scenario = (options: ScenarioOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const { from, form } = options
    if (!isScenarioForm(form)) throw usageError(`"${form}" is no form`, 'scenario or mocha')
    const found = await (from === null ? findExemplar(options, io) : findRecorded(from, options))
    io.out(scenarioText(found.exemplar, form, found.leftOut))
    return exit.fine
  })
