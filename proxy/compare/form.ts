/** Forms and query strings as JSON: a name that occurs more than once is a list. Pure. */
import { type JsonObject, type JsonValue, jsonObject } from './json.ts'

/** Reads `application/x-www-form-urlencoded`, percent-encoding that is broken left as it is. */
export const formValue = (text: string): JsonObject => {
  const lists = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(text)) {
    const known = lists.get(name)
    if (known === undefined) lists.set(name, [value])
    else known.push(value)
  }
  const members = [...lists].map(([name, values]): [string, JsonValue] => [
    name,
    values.length === 1 ? (values[0] ?? '') : values,
  ])
  return jsonObject(new Map(members))
}
