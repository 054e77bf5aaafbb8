/** What of an exchange may be recorded, and what of its request then stands for something else. Pure. */
import { createHmac } from 'node:crypto'
import { sameBytes } from '../compare/decode.ts'
import type { Redact, RedactExchange } from '../shadow/redact.ts'
import type { WriteDifference } from '../shadow/writes/report.ts'
import type { Observation, RawHeaders } from '../targets/send.ts'
import type { Draft, Recorded, RecordedComparison } from './recorded.ts'
import { redactedPlaces } from './redacted-places.ts'

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

type Compared = NonNullable<Draft['compared']>

const changedWrites = (
  before: readonly WriteDifference[],
  after: readonly WriteDifference[],
): readonly string[] =>
  before
    .filter(({ legacy, modern }, at) => {
      return legacy !== after[at]?.legacy || modern !== after[at]?.modern
    })
    .map(({ place }) => `writes:${place}`)

/** Nothing may be told anew of a place that stands for another one, so they are told. */
const redactComparison = (
  compared: Compared,
  { raw, answer }: Readonly<Record<'raw' | 'answer', Observation>>,
  redact: RedactExchange,
): RecordedComparison => {
  const shown = (seen: Observation | null): Observation | null => seen && redact.observation(seen)
  const shadow = shown(compared.shadow)
  const writes = compared.writes.map((each) => redactWrite(each, redact))
  const ofAnswers =
    compared.shadow === null || shadow === null
      ? []
      : [...redactedPlaces(raw, answer), ...redactedPlaces(compared.shadow, shadow)]
  return {
    ...compared,
    shadow,
    legacyAgain: shown(compared.legacyAgain),
    modernAgain: shown(compared.modernAgain),
    noise: redact.noise(compared.noise),
    writes,
    redacted: [...new Set([...ofAnswers, ...changedWrites(compared.writes, writes)])],
  }
}

export const redactRecorded = (recorded: Draft, redact: Redact): Recorded => {
  const { request, answer: raw, compared } = recorded
  const exchange = redact.exchange(request)
  const answer = exchange.observation(raw)
  const shown: Request = { ...request, ...exchange.request }
  return {
    ...recorded,
    request: shown,
    redacted: changedIn(request, shown),
    answer,
    compared: compared && redactComparison(compared, { raw, answer }, exchange),
  }
}
