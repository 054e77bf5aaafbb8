/** Which objects have names that are data, not structure: `{"17": …, "18": …}`. Pure. */
import type { JsonObject } from './json.ts'

/** Beyond these, names are data. */
const mostNames = 50
const longestName = 100
/** Names in any language, of several words, too: `größe`, `First Name`, `Price (EUR)`. */
const structural = /^(?!\p{N})[@$]?[\p{L}\p{M}\p{N}_ :.,'’()&%#?!+-]*$/u

const isName = (name: string): boolean => name.length <= longestName && structural.test(name)

/** Whether the names of an object are data. */
export const holdsData = ({ members }: JsonObject): boolean =>
  members.size > mostNames || ![...members.keys()].every(isName)
