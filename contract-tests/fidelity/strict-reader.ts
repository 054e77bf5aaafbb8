/** Reads requests as the strictest origin would, and says where another could read otherwise. Pure. */

export interface StrictRequest {
  /** `GET /path HTTP/1.1` */
  readonly line: string
  readonly body: string
}

export interface StrictReading {
  readonly requests: readonly StrictRequest[]
  /** What two readers could understand differently; null: nothing. */
  readonly hazard: string | null
}

type Step =
  | { readonly request: StrictRequest; readonly next: number }
  | { readonly hazard: string }
  | null

const headForm =
  /^[!#$%&'*+\-.^_`|~\dA-Za-z]+ [\x21-\x7e\x80-\xff]+ HTTP\/1\.1(?:\r\n[!#$%&'*+\-.^_`|~\dA-Za-z]+: [\t\x20-\x7e\x80-\xff]*)+$/

const valuesOf = (head: string, name: RegExp): string[] =>
  head
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(': '))
    .filter(([key = '']) => name.test(key))
    .map(([, ...value]) => value.join(': '))

/** The body of a chunked message; null: it is not all there. */
const readChunks = (text: string, from: number): Step => {
  let at = from
  let body = ''
  for (;;) {
    const end = text.indexOf('\r\n', at)
    if (end < 0) return null
    const size = text.slice(at, end)
    if (!/^[\da-f]+$/.test(size)) return { hazard: `the chunk size ${JSON.stringify(size)}` }
    const length = Number.parseInt(size, 16)
    if (length === 0) return readTrailers(text, end + 2, body)
    at = end + 2 + length + 2
    if (text.length < at) return null
    if (text.slice(at - 2, at) !== '\r\n') return { hazard: 'a chunk that its size does not end' }
    body += text.slice(end + 2, at - 2)
  }
}

const readTrailers = (text: string, from: number, body: string): Step => {
  let at = from
  for (;;) {
    const end = text.indexOf('\r\n', at)
    if (end < 0) return null
    const line = text.slice(at, end)
    at = end + 2
    if (line === '') return { request: { line: '', body }, next: at }
    if (/^(?:content-length|transfer-encoding|host)\s*:/i.test(line)) return { hazard: line }
  }
}

const readBody = (text: string, head: string, from: number): Step => {
  const lengths = valuesOf(head, /^content[-_]length$/i)
  const codings = valuesOf(head, /^transfer[-_]encoding$/i)
  if (lengths.length + codings.length > 1) return { hazard: 'two framings' }
  if (codings.length > 0) {
    return codings[0] === 'chunked' ? readChunks(text, from) : { hazard: 'another coding' }
  }
  const length = lengths[0] ?? '0'
  if (!/^\d+$/.test(length)) return { hazard: 'a length that is none' }
  const next = from + Number(length)
  if (text.length < next) return null
  return { request: { line: '', body: text.slice(from, next) }, next }
}

const readOne = (text: string, from: number): Step => {
  const end = text.indexOf('\r\n\r\n', from)
  if (end < 0) return null
  const head = text.slice(from, end)
  if (!headForm.test(head)) return { hazard: `the head ${JSON.stringify(head)}` }
  if (valuesOf(head, /^host$/i).length !== 1) return { hazard: 'not exactly one Host' }
  const read = readBody(text, head, end + 4)
  if (read === null || 'hazard' in read) return read
  return {
    request: { line: head.split('\r\n')[0] ?? '', body: read.request.body },
    next: read.next,
  }
}

/** @param text latin1, all that came over one connection; its last request may be cut off */
export const readStrictly = (text: string): StrictReading => {
  const requests: StrictRequest[] = []
  let at = 0
  while (at < text.length) {
    const step = readOne(text, at)
    if (step === null) break
    if ('hazard' in step) return { requests, hazard: step.hazard }
    requests.push(step.request)
    at = step.next
  }
  return { requests, hazard: null }
}
