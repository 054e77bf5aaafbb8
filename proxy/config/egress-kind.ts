/** What shadows may reach, as a text of the config. */
import { type Kind, textKind } from './kinds.ts'

/** A whole name, or `*.` and one: nobody means all the world. */
const form = /^(?:(?:\*\.)?[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::\d{1,5})?$/i

export const egress: Kind<string> = textKind({
  fault: 'badText',
  expected: 'host:port, or a host for all its ports, such as search.internal:9200 or *.internal',
  read: (given) => (form.test(given) ? given.toLowerCase() : null),
})
