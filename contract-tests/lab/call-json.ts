export interface JsonAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Null for an empty body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests take apart what they then hold to account
  readonly json: any
}

export interface JsonCall {
  /** `POST /api/articles`; the method is GET where there is none. */
  readonly line: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, or as it stands when it is text. */
  readonly body?: unknown
}

/** Puts one call of a JSON API to an origin. Rejects when what comes back is neither empty nor JSON. */
export const callJson = async (origin: string, call: JsonCall): Promise<JsonAnswer> => {
  const [path = '', method = 'GET'] = call.line.split(' ').reverse()
  const { headers = {}, body } = call
  const response = await fetch(origin + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body),
  })
  const text = await response.text()
  const json: unknown = text === '' ? null : JSON.parse(text)
  return { status: response.status, headers: response.headers, text, json }
}
