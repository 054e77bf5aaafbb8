/** Lines of a recording as text, and back. Pure. */
import { readStored, storedText } from '../store/stored-json.ts'
import {
  type Recorded,
  type RecordingHead,
  type RecordingLine,
  recordingVersion,
} from './recorded.ts'

/** With the newline that ends it. */
export const recordingText = (line: RecordingLine): string => `${storedText(line)}\n`

export type ReadLine =
  | { readonly is: 'head'; readonly head: RecordingHead }
  | { readonly is: 'exchange'; readonly recorded: Recorded }
  /** Progress, an end, an empty line: nothing to replay. */
  | { readonly is: 'other' }
  | { readonly is: 'wrong'; readonly why: string }

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

const wrong = (why: string): ReadLine => ({ is: 'wrong', why })

const isLines = (value: unknown): boolean =>
  Array.isArray(value) && value.length % 2 === 0 && value.every((each) => typeof each === 'string')

const isBytes = (value: unknown): boolean => value === null || value instanceof Uint8Array

const isRequest = (value: unknown): boolean => {
  const request = fieldsOf(value)
  return (
    request !== null &&
    typeof request.method === 'string' &&
    typeof request.url === 'string' &&
    request.url.startsWith('/') &&
    isLines(request.headers) &&
    isBytes(request.body)
  )
}

const isAnswer = (value: unknown): boolean => {
  const [answer, body] = [fieldsOf(value), fieldsOf(fieldsOf(value)?.body)]
  return (
    answer !== null &&
    body !== null &&
    isLines(answer.headers) &&
    isLines(answer.trailers) &&
    isBytes(body.bytes) &&
    (answer.status === null || typeof answer.status === 'number')
  )
}

const isAnswerOrNull = (value: unknown): boolean => value === null || isAnswer(value)

const isListOrAbsent = (value: unknown): boolean => value === undefined || Array.isArray(value)

const isComparison = (value: unknown): boolean => {
  const compared = fieldsOf(value)
  return (
    value === null ||
    (compared !== null &&
      typeof compared.outcome === 'string' &&
      Array.isArray(compared.noise) &&
      Array.isArray(compared.writes) &&
      isListOrAbsent(compared.places) &&
      isListOrAbsent(compared.redacted) &&
      isAnswerOrNull(compared.shadow) &&
      isAnswerOrNull(compared.legacyAgain) &&
      isAnswerOrNull(compared.modernAgain))
  )
}

const isExchange = ({ id, route, at, request, redacted, answer, compared }: Fields): boolean =>
  typeof id === 'string' &&
  typeof route === 'string' &&
  typeof at === 'number' &&
  Array.isArray(redacted) &&
  isRequest(request) &&
  isAnswer(answer) &&
  isComparison(compared)

const readHead = (fields: Fields): ReadLine => {
  const version = fields.recording
  if (typeof version !== 'number') return wrong('"recording" is not the number of a version')
  if (version > recordingVersion) {
    return wrong(
      `it is of version ${version}, and this banyan reads up to ${recordingVersion}: take a later one`,
    )
  }
  return { is: 'head', head: fields as unknown as RecordingHead }
}

/** Believes nothing: a file may be cut off, edited or no recording at all. */
export const readRecordingLine = (text: string): ReadLine => {
  if (text.trim() === '') return { is: 'other' }
  let fields: Fields | null
  try {
    fields = fieldsOf(readStored(text))
  } catch {
    return wrong('it is not JSON: the file was cut off there, or is no recording')
  }
  if (fields === null) return wrong('it is no JSON object')
  if ('recording' in fields) return readHead(fields)
  if ('progress' in fields || 'end' in fields) return { is: 'other' }
  if (!isExchange(fields)) return wrong('it is no exchange of a recording')
  return { is: 'exchange', recorded: fields as unknown as Recorded }
}
