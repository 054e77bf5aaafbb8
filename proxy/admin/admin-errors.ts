/** Every way a request to the admin listener can fail: one table, answered as a problem (RFC 9457). */

interface AdminErrorRow {
  readonly status: number
  readonly title: string
  /** What to do instead. */
  readonly hint: string
}

// biome-ignore format: a table reads best as a table
export const adminErrors = {
  invalid_json:     { status: 400, title: 'The body is not JSON',                      hint: 'Send one JSON object.' },
  host_not_allowed: { status: 403, title: 'This Host is not served here',              hint: 'Ask for localhost, 127.0.0.1, [::1] or the host in admin.host.' },
  recording_forbidden: { status: 403, title: 'Exchanges may not be kept here',         hint: 'Say shadow.store: redacted in the config, and restart Banyan.' },
  cross_origin:     { status: 403, title: 'A page of another origin may not do this',  hint: 'Use the command line, or send no Origin and no Sec-Fetch-Site.' },
  not_found:        { status: 404, title: 'There is nothing here',                     hint: 'GET / lists what there is.' },
  route_unknown:    { status: 404, title: 'There is no such route',                    hint: 'GET /v1/routes lists the routes.' },
  exemplar_unknown: { status: 404, title: 'There is no such exemplar',                 hint: 'GET /v1/routes/ID/exemplars lists what is kept; the oldest go first.' },
  kill_unknown:     { status: 404, title: 'There is no such kill',                     hint: 'GET /v1/kills lists the kills in force.' },
  recording_unknown: { status: 404, title: 'Nothing is recorded',                      hint: 'POST /v1/recording begins.' },
  method_not_allowed: { status: 405, title: 'This method does nothing here',           hint: 'The Allow header names what does.' },
  recording_running: { status: 409, title: 'Somebody records already',                hint: 'GET /v1/recording tells how far it is; DELETE /v1/recording ends it.' },
  body_too_large:   { status: 413, title: 'The body is too large',                     hint: 'At most 64 KiB.' },
  json_required:    { status: 415, title: 'The body must be declared as JSON',         hint: 'Send Content-Type: application/json.' },
  invalid_request:  { status: 422, title: 'The request cannot be carried out',         hint: 'The detail says what is wrong.' },
  config_rejected:  { status: 422, title: 'The config file was rejected',              hint: 'Nothing has changed; the diagnostics say what to correct.' },
  admin_failed:     { status: 500, title: 'The admin listener failed',                 hint: 'The log has an internal_error with the cause.' },
  loading:          { status: 503, title: 'The first config is not loaded yet',        hint: 'Ask again in a second.' },
  store_away:       { status: 503, title: 'The store cannot be read now',             hint: 'Whether there is such an exemplar, only the store knows. GET /v1/status tells when it is back.' },
} as const

export type AdminErrorCode = keyof typeof adminErrors

export const adminErrorCodes: readonly AdminErrorCode[] = Object.keys(
  adminErrors,
) as AdminErrorCode[]

export const adminErrorRow = (code: AdminErrorCode): AdminErrorRow => adminErrors[code]

/** Thrown by a handler of the admin API, answered as a problem. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
  readonly code: AdminErrorCode
  /** Members of the problem document beside the standard ones. */
  readonly more: Readonly<Record<string, unknown>>

  constructor(code: AdminErrorCode, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail)
    this.code = code
    this.more = more
  }
}

/** Matched by shape: two copies of a class may meet. */
export const isAdminError = (error: unknown): error is AdminError =>
  error instanceof Error && error.name === 'AdminError' && 'code' in error

/** The problem document of an error. */
export const adminProblem = (error: AdminError): Readonly<Record<string, unknown>> => {
  const { code, message, more } = error
  const { status, title, hint } = adminErrorRow(code)
  return { type: `urn:banyan:admin:${code}`, title, status, detail: message, code, hint, ...more }
}
