/** Recording what clients ask and get: the answer of the request that orders it is the recording. */
import { PassThrough } from 'node:stream'
import { readDuration, readSize } from '../config/units.ts'
import type { Context, Router } from '../edge/koa.ts'
import { mayRecord, type Recorder } from '../recording/recorder.ts'
import type { RecordingOrder, RecordingSink } from '../recording/recording.ts'
import { recordingLimits } from '../recording/recording-limits.ts'
import { AdminError } from './admin-errors.ts'
import { answerJson } from './answer.ts'
import { type ChangeOptions, createWitness } from './change-paths.ts'
import { type JsonObject, readJson } from './json-body.ts'
import type { ProxyStatus } from './status.ts'

const refuse = (detail: string): never => {
  throw new AdminError('invalid_request', detail)
}

const routesOf = ({ routes = [] }: JsonObject, status: ProxyStatus): readonly string[] => {
  if (!Array.isArray(routes) || !routes.every((each) => typeof each === 'string'))
    return refuse('"routes" must be a list of ids.')
  const known = new Set(status.config().routes.map(({ id }) => id))
  const unknown = routes.find((id) => !known.has(id))
  if (unknown !== undefined) {
    throw new AdminError('route_unknown', `The config in force has no route "${unknown}".`)
  }
  return routes
}

const countOf = (value: unknown, name: string, limit: number): number =>
  Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= limit
    ? Number(value)
    : refuse(`"${name}" must be a whole number from 1 to ${limit}.`)

const durationOf = ({ for: text = '10m' }: JsonObject): number => {
  const ms = typeof text === 'string' ? readDuration(text) : null
  if (ms === null || ms === 0 || ms > recordingLimits.forMs)
    return refuse('"for" must be a duration such as "10m", at most 24h.')
  return ms
}

const bytesOf = ({ size: text = '256MiB' }: JsonObject): number => {
  const bytes = typeof text === 'string' ? readSize(text) : null
  if (bytes === null || bytes === 0 || bytes > recordingLimits.bytes)
    return refuse('"size" must be a size such as "256MiB", at most 4GiB.')
  return bytes
}

const orderOf = (body: JsonObject, status: ProxyStatus): RecordingOrder => ({
  routes: routesOf(body, status),
  forMs: durationOf(body),
  limit: countOf(body.limit ?? 10_000, 'limit', recordingLimits.exchanges),
  limitBytes: bytesOf(body),
})

/** What waits for a reader that is slow; beyond it, exchanges are dropped. */
const waitingBytes = 8 * 1_048_576

const streamTo = (stream: PassThrough): RecordingSink => ({
  write(text) {
    if (stream.destroyed || stream.writableLength + stream.readableLength > waitingBytes)
      return false
    stream.write(text)
    return true
  },
  end: () => void stream.end(),
})

const answerRecording = (ctx: Context, stream: PassThrough): void => {
  ctx.status = 200
  ctx.type = 'application/x-ndjson'
  ctx.body = stream
}

const refuseForbidden = ({ level }: Pick<Recorder, 'level'>): void => {
  if (mayRecord(level)) return
  const detail = `This Banyan was started with shadow.store: ${level}, and a recording is made of what exchanges hold.`
  throw new AdminError('recording_forbidden', detail)
}

/** @param recorder of the process */
export const addRecordPaths = (
  router: Router,
  { recorder, ...options }: ChangeOptions & { readonly recorder: Recorder },
): void => {
  const { status } = options
  const witness = createWitness(options)
  router.get('/v1/recording', (ctx) => {
    const current = recorder.current()
    answerJson(ctx, {
      recording: current && { ...current.order, ...current.counts(), leftMs: current.leftMs() },
    })
  })
  router.post('/v1/recording', (ctx) =>
    witness(ctx, 'record', async () => {
      if (status.process().state === 'loading') {
        throw new AdminError('loading', 'The process has just started.')
      }
      refuseForbidden(recorder)
      const order = orderOf(await readJson(ctx), status)
      const stream = new PassThrough({ highWaterMark: 65_536 })
      if (!recorder.start(order, streamTo(stream), status.config().revision)) {
        throw new AdminError('recording_running', 'Somebody records already.')
      }
      stream.on('close', () => recorder.stop('reader_gone'))
      answerRecording(ctx, stream)
      return 'done'
    }),
  )
  router.delete('/v1/recording', (ctx) =>
    witness(ctx, 'stop_recording', async () => {
      if (!recorder.stop('stopped')) {
        throw new AdminError('recording_unknown', 'Nothing is recorded now.')
      }
      answerJson(ctx, { stopped: true })
      return 'done'
    }),
  )
}
