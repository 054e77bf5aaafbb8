/** What of an exchange may be recorded, and what of its request then stands for something else. Pure. */
import { createHmac } from 'node:crypto'
import { sameBytes } from '../compare/decode.ts'
import type { Redact, RedactExchange } from '../shadow/redact.ts'
import type { WriteDifference } from '../shadow/writes/report.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'
import type { Recorded, RecordedComparison } from './recorded.ts'

/** Names a key without saying anything of it. */
export const keyName = (key: Uint8Array): string =>
  createHmac('sha256', key).update('the name of this key').digest('hex').slice(0, 12)

const changedHeaders = (before: RawHeaders, after: RawHeaders): string[] =>
  before.flatMap((value, at) =>
    at % 2 === 1 && value !== after[at] ? [`header:${before[at - 1]?.toLowerCase()}`] : [],
  )

type Request = Recorded['request']

const changedIn = (before: Request, after: Request): readonly string[] => {
  const isSame = before.body === null || after.body === null || sameBytes(before.body, after.body)
  return [
    ...(before.url === after.url ? [] : ['url']),
    ...new Set(changedHeaders(before.headers, after.headers)),
    ...(isSame ? [] : ['body']),
  ]
}

/** What a column holds is as secret as a member of its name. */
const redactWrite = (found: WriteDifference, redact: RedactExchange): WriteDifference => {
  const column = found.place.split('/').at(-1) ?? ''
  const shown = (value: string | null): string | null =>
    value === null ? null : JSON.parse(redact.text(JSON.stringify({ [column]: value })))[column]
  return { ...found, legacy: shown(found.legacy), modern: shown(found.modern) }
}

const redactComparison = (
  compared: RecordedComparison,
  redact: RedactExchange,
): RecordedComparison => {
  const answer = (seen: Observation | null): Observation | null => seen && redact.observation(seen)
  return {
    ...compared,
    shadow: answer(compared.shadow),
    legacyAgain: answer(compared.legacyAgain),
    modernAgain: answer(compared.modernAgain),
    noise: redact.noise(compared.noise),
    writes: compared.writes.map((each) => redactWrite(each, redact)),
  }
}

export const redactRecorded = (recorded: Omit<Recorded, 'redacted'>, redact: Redact): Recorded => {
  const { request, answer, compared } = recorded
  const exchange = redact.exchange(request)
  const shown: Request = { ...request, ...exchange.request }
  return {
    ...recorded,
    request: shown,
    redacted: changedIn(request, shown),
    answer: exchange.observation(answer),
    compared: compared && redactComparison(compared, exchange),
  }
}
