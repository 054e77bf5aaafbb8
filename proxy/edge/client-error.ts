/** What becomes of a connection that Node's parser gave up. */
import type { Duplex } from 'node:stream'
import type { ErrorCode } from '../errors.ts'
import { failure } from '../targets/failure.ts'
import type { Failure } from '../targets/send.ts'
import { isAnswering, takeSilent } from './answering.ts'
import { endWithProblem } from './raw-answer.ts'

const codes: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_INVALID_TRANSFER_ENCODING: 'transfer_coding_unknown',
  HPE_INVALID_VERSION: 'http_version_unknown',
  ERR_HTTP_REQUEST_TIMEOUT: 'client_timeout',
}

/** The refusal that a parser's error is; null when the connection broke without a request. */
export const parserFailure = (error: NodeJS.ErrnoException): Failure | null => {
  const code = error.code ?? ''
  const known = codes[code]
  if (known !== undefined) return failure(known, 'client', 'none', { cause: error })
  if (!code.startsWith('HPE_') || code === 'HPE_INVALID_EOF_STATE') return null
  return failure('http_request_error', 'client', 'none', { cause: error })
}

/**
 * Answers 400, 408, 431, 501 or 505 where no other answer is under way: one for a later request in
 * its place would be a lie. Returns the refusal that was told, for the books; null where a request
 * was received whose own rest it is that cannot be read, for that is in the books already.
 */
export const refuseConnection = (
  error: NodeJS.ErrnoException,
  socket: Duplex,
  requestId: string,
): Failure | null => {
  const why = parserFailure(error)
  const isReceived = isAnswering(socket)
  if (why === null || (isReceived && !takeSilent(socket))) {
    socket.destroy()
    return null
  }
  endWithProblem(socket, why, requestId)
  return isReceived ? null : why
}
