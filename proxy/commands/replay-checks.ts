/** What must hold before a recording is replayed. */
import type { Config } from '../config/config.ts'
import { suggest } from '../config/suggest.ts'
import {
  RecordingError,
  type RecordingSurvey,
  surveyRecording,
} from '../recording/read-recording.ts'
import { isRead } from '../recording/replay-choice.ts'
import { exit } from './io.ts'
import type { ReplayOptions, ReplayWish } from './replay-options.ts'
import { CommandError } from './say.ts'

/** @throws CommandError where the file cannot be read, or is no recording */
export const survey = async (path: string): Promise<RecordingSurvey> => {
  try {
    return await surveyRecording(path)
  } catch (error) {
    const { message } = error as Error
    const isRead = error instanceof RecordingError
    throw new CommandError(
      exit.unreachable,
      isRead ? message : `${path} cannot be read: ${message}`,
    )
  }
}

/** Routes that are chosen must be there, or a misspelt one would prove nothing. */
export const checkRoutes = ({ routes }: ReplayOptions, survey: RecordingSurvey): void => {
  const known = [...survey.routes.keys()]
  const unknown = routes.find((id) => !known.includes(id))
  if (unknown === undefined) return
  throw new CommandError(exit.no, `nothing of "${unknown}" is recorded`, suggest(unknown, known))
}

const waysOut: Partial<Readonly<Record<ReplayWish['against'], string>>> = {
  legacy: '--only-reads leaves them out: legacy would execute them a second time',
  both: '--only-reads leaves them out: both would execute them',
  modern:
    '--only-reads leaves them out; --with-writes executes them, on a database that is nobody else’s',
}

/** A write that was recorded has been executed once; nobody executes it twice unasked. */
export const checkWrites = (
  options: ReplayOptions,
  { against }: ReplayWish,
  config: Config,
  { routes }: RecordingSurvey,
): void => {
  const wayOut = waysOut[against]
  if (options.onlyReads || options.withWrites || wayOut === undefined) return
  const isChosen = (id: string): boolean =>
    options.routes.length === 0 || options.routes.includes(id)
  const writing = config.routes.filter(
    (route) => routes.has(route.id) && isChosen(route.id) && !isRead(route),
  )
  if (writing.length === 0) return
  const names = writing.slice(0, 5).map(({ id }) => id)
  const more = writing.length > names.length ? ` and ${writing.length - names.length} more` : ''
  const message = `the recording has routes that are not "effects: read": ${names.join(', ')}${more}`
  throw new CommandError(exit.no, message, wayOut)
}
