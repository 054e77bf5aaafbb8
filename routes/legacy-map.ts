/** A map as the legacy's `json_encode` writes it: without keys, or with 0, 1, 2 … for keys, a list. */
export type LegacyMap<Value> = Readonly<Record<string, Value>> | readonly Value[]

/** PHP has one type for lists and maps, and guesses by the keys which of them it was. Pure. */
export const legacyMap = <Value>(
  entries: readonly (readonly [key: string, value: Value])[],
): LegacyMap<Value> =>
  entries.every(([key], at) => key === String(at))
    ? entries.map(([, value]) => value)
    : Object.fromEntries(entries)
