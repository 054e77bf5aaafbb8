/**
 * Ids as bound names: the ids of two answers are the same if one renaming, one to one, turns each of
 * legacy's into modern's wherever they occur, inside URLs too. So `{id: 7, self: "/u/7"}` is
 * `{id: 9, self: "/u/9"}`, but not `{id: 9, self: "/u/7"}`.
 */

export interface Identities {
  /** Binds the pair, or says whether it agrees with what is bound already. */
  bind(legacy: string, modern: string): boolean
  /** Whether the renaming turns one text into the other. */
  agree(legacy: string, modern: string): boolean
}

const token = /[\w-]+/g
/** A text of which a path or a query is a part: only there does an id stand for itself. */
const isUrl = (text: string): boolean => /^(?:[a-z][a-z\d+.-]*:\/)?\//i.test(text)

export const createIdentities = (): Identities => {
  const modernOf = new Map<string, string>()
  const legacyOf = new Map<string, string>()

  const renamed = (text: string): string =>
    text.replace(token, (word) => {
      const whole = modernOf.get(word)
      if (whole !== undefined) return whole
      return word.replace(/[^_-]+/g, (part) => modernOf.get(part) ?? part)
    })

  return {
    bind(legacy, modern) {
      const [known, taken] = [modernOf.get(legacy), legacyOf.get(modern)]
      if (known !== undefined || taken !== undefined) return known === modern && taken === legacy
      modernOf.set(legacy, modern)
      legacyOf.set(modern, legacy)
      return true
    },
    agree(legacy, modern) {
      // The same words are the same text: "7 days" holds no id. The same URL may name another thing.
      if (legacy === modern && !isUrl(legacy)) return true
      return renamed(legacy) === modern
    },
  }
}
