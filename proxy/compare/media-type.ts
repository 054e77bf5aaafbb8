/** Media types (RFC 9110 §8.3.1) and what kind of body they announce. Pure. */

export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string
  /** Names in lower case, quotes resolved. */
  readonly parameters: ReadonlyMap<string, string>
}

/** How a body is compared. `none`: there is no body. */
export type BodyKind =
  | 'none'
  | 'json'
  | 'jsonLines'
  | 'html'
  | 'xml'
  | 'form'
  | 'multipart'
  | 'text'
  | 'binary'

const essenceForm = /^\s*([!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+)\s*(?:;|$)/
const parameterForm = /;\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]*))/g

/** Null for what is no media type at all. */
export const parseMediaType = (value: string): MediaType | null => {
  const essence = essenceForm.exec(value)?.[1]?.toLowerCase()
  if (essence === undefined) return null
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, plain] of value.matchAll(parameterForm)) {
    const key = name.toLowerCase()
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '')
  }
  return { essence, parameters }
}

const kinds: Readonly<Record<string, BodyKind>> = {
  'application/json': 'json',
  'text/json': 'json',
  'application/x-ndjson': 'jsonLines',
  'application/ndjson': 'jsonLines',
  'application/jsonl': 'jsonLines',
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/x-www-form-urlencoded': 'form',
  'application/javascript': 'text',
  'application/x-javascript': 'text',
  'application/yaml': 'text',
  'application/sql': 'text',
  'application/graphql': 'text',
}

/** What the announced type asks for; null where nothing is announced. */
export const announcedKind = (type: MediaType | null): BodyKind | null => {
  if (type === null) return null
  const { essence } = type
  if (Object.hasOwn(kinds, essence)) return kinds[essence] ?? null
  if (essence.endsWith('+json')) return 'json'
  if (essence.endsWith('+xml')) return 'xml'
  if (essence.startsWith('multipart/')) return 'multipart'
  return essence.startsWith('text/') ? 'text' : 'binary'
}

/** Whether two names mean one charset, as `utf8` and `UTF-8` do. */
export const charsetName = (label: string): string => {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return label.trim().toLowerCase()
  }
}
