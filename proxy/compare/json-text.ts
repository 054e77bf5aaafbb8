/** JSON values written out again: numbers as they were written, names sorted or as they came. Pure. */
import { isJsonArray, type JsonObject, type JsonValue } from './json.ts'

/** Writes without ever building more than `limit` characters, and says whether all of it fitted. */
const createWriter = (
  limit: number,
  sorted: boolean,
): { write(value: JsonValue): void; text(): string } => {
  let text = ''
  const full = (): boolean => text.length > limit

  const writeObject = ({ members }: JsonObject): void => {
    const names = sorted ? [...members.keys()].sort() : members.keys()
    let first = true
    text += '{'
    for (const name of names) {
      if (full()) return
      text += `${first ? '' : ','}${JSON.stringify(name)}:`
      first = false
      write(members.get(name) ?? null)
    }
    text += '}'
  }
  const writeItems = (items: readonly JsonValue[]): void => {
    text += '['
    for (let at = 0; at < items.length && !full(); at++) {
      if (at > 0) text += ','
      write(items[at] ?? null)
    }
    text += ']'
  }
  const write = (value: JsonValue): void => {
    if (value === null || typeof value === 'boolean') text += String(value)
    else if (typeof value === 'string') text += JSON.stringify(value)
    else if (isJsonArray(value)) writeItems(value)
    else if (value.kind === 'number') text += value.text
    else writeObject(value)
  }
  return { write, text: () => text }
}

/** The value as text, its names in the order in which they came. */
export const jsonText = (value: JsonValue): string => {
  const writer = createWriter(Number.POSITIVE_INFINITY, false)
  writer.write(value)
  return writer.text()
}

/** One form only: names sorted as in RFC 8785 §3.2.3. Numbers stay as written, unlike there. */
export const canonicalText = (value: JsonValue): string => {
  if (typeof value === 'string') return JSON.stringify(value)
  const writer = createWriter(Number.POSITIVE_INFINITY, true)
  writer.write(value)
  return writer.text()
}

const shownLength = 256

/** Cuts what is shown, at no more than 256 characters and never inside a surrogate pair. */
export const shorten = (text: string): string => {
  if (text.length <= shownLength) return text
  const cut = text.slice(0, shownLength - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}

/** The value for people, bounded: what does not fit is cut. */
export const shown = (value: JsonValue): string => {
  if (typeof value === 'string') return shorten(JSON.stringify(value.slice(0, shownLength)))
  const writer = createWriter(shownLength, false)
  writer.write(value)
  return shorten(writer.text())
}
