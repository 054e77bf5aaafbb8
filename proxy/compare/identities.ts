/**
 * Ids as bound names: the ids of two answers are the same if one renaming, one to one, turns each of
 * legacy's into modern's wherever they occur, inside URLs too. So `{id: 7, self: "/u/7"}` is
 * `{id: 9, self: "/u/9"}`, but not `{id: 9, self: "/u/7"}`.
 */

export interface Identities {
  /** Binds the pair, or says whether it agrees with what is bound already. */
  bind(legacy: string, modern: string): boolean
  /** Whether any id has another name by now. */
  renames(): boolean
  /** Whether the renaming turns one text into the other. */
  agree(legacy: string, modern: string): boolean
}

/** A step of a path, a value of a query, a word: whatever stands between the marks of URLs and texts. */
const token = /[^\s/?#&=;,:"'<>()[\]{}|\\^`]+/g
const part = /[\p{L}\p{N}]+/gu

/** Null where it is no percent-encoding. */
const decoded = (word: string): string | null => {
  try {
    return decodeURIComponent(word)
  } catch {
    return null
  }
}

/** A text of which a path or a query is a part: only there does an id stand for itself. */
const isUrl = (text: string): boolean => /^(?:[a-z][a-z\d+.-]*:\/)?\//i.test(text)

export const createIdentities = (): Identities => {
  const modernOf = new Map<string, string>()
  const legacyOf = new Map<string, string>()
  let hasRenamed = false

  const renamed = (text: string): string =>
    text.replace(token, (word) => {
      const whole = modernOf.get(word)
      if (whole !== undefined) return whole
      const meant = word.includes('%') ? modernOf.get(decoded(word) ?? word) : undefined
      if (meant !== undefined) return encodeURIComponent(meant)
      return word.replace(part, (each) => modernOf.get(each) ?? each)
    })

  return {
    bind(legacy, modern) {
      const [known, taken] = [modernOf.get(legacy), legacyOf.get(modern)]
      if (known !== undefined || taken !== undefined) return known === modern && taken === legacy
      modernOf.set(legacy, modern)
      legacyOf.set(modern, legacy)
      hasRenamed ||= legacy !== modern
      return true
    },
    renames: () => hasRenamed,
    agree(legacy, modern) {
      // The same words are the same text: "7 days" holds no id. The same URL may name another thing.
      if (legacy === modern && !isUrl(legacy)) return true
      return renamed(legacy) === modern
    },
  }
}
