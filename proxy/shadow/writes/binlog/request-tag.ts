/** Finds in a statement the id of the request that it was sent for. Pure. */

/** A value in the statement can end neither with a comment nor begin with one: only these are believed. */
const atEnd = /\/\*([^*]{1,400})\*\/[\s;\0]*$/
const atStart = /^\s*\/\*([^*]{1,400})\*\//

/** `rid='…'` as the adapters write it; `request_id:…` and `request_id='…'` as Rails does. */
const tagged =
  /(?:^|[\s,])(?:rid|request_id)(?:='([A-Za-z0-9_.-]{1,128})'|:([A-Za-z0-9_.-]{1,128})(?:[\s,]|$))/

const longest = 420

/** @returns null: it says nothing of a request */
export const requestIdIn = (statement: Buffer): string | null => {
  const last = statement.subarray(-longest).toString('latin1')
  const first = statement.subarray(0, longest).toString('latin1')
  const comment = atEnd.exec(last)?.[1] ?? atStart.exec(first)?.[1]
  const [, quoted, plain] = tagged.exec(comment ?? '') ?? []
  return quoted ?? plain ?? null
}
