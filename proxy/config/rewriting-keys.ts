/** The keys of a route that change what travels between Banyan and an upstream, or spare the way. */
import { fault } from './diagnostics.ts'
import { type Kind, oneOf, text as plainText, textKind } from './kinds.ts'
import type { WrittenRewriting } from './rewriting.ts'
import type { Redirect } from './rewriting-config.ts'
import { either, type Field, leaf, list, map, named } from './schema.ts'
import { headerName, pathText } from './text-kinds.ts'

/** A field value of RFC 9110 §5.5, its ends trimmed as a recipient would. */
const headerValue: Kind<string> = textKind({
  fault: 'badText',
  expected: 'the value of a header: text without control characters or spaces at its ends',
  read: (given) => (/^(?:[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?)?$/.test(given) ? given : null),
})

/** An attribute of a cookie; nothing at all takes it out. */
const cookieDomain: Kind<string> = textKind({
  fault: 'badText',
  expected: 'a domain such as shop.example, or "" to leave the attribute out',
  read: (given) => (/^[\w.-]*$/.test(given) ? given : null),
})

const cookiePath: Kind<string> = textKind({
  fault: 'badText',
  expected: 'the beginning of a path, such as /shop/',
  read: (given) => (/^\/[\x21-\x3a\x3c-\x7e]*$/.test(given) ? given : null),
})

/** What a redirect may name of the request. */
const redirectTo: Kind<string> = textKind({
  fault: 'badText',
  expected: 'a URL or path with {host}, {path} and {query}, such as https://{host}{path}{query}',
  read: (given) => {
    const plain = given.replace(/\{(?:host|path|query)\}/g, '')
    return /^(?:https?:\/\/|\/|\{path\})/.test(given) && /^[\x21-\x7a\x7c\x7e]*$/.test(plain)
      ? given
      : null
  },
})

const statuses = [301, 302, 303, 307, 308] as const

const redirectStatus: Kind<(typeof statuses)[number]> = {
  read: (value) =>
    statuses.find((each) => String(each) === String(value)) ??
    fault('notAllowed', `expected one of ${statuses.join(', ')}`),
  written: { type: 'integer', enum: [...statuses] },
}

const text = leaf(plainText)
const headerChanges = map({
  set: named(leaf(headerValue)),
  add: named(leaf(headerValue)),
  remove: list(leaf(headerName)),
})

/** What a route, or `defaults`, may say. */
export const rewriting: {
  readonly rewrite: Field<NonNullable<WrittenRewriting['rewrite']>>
  readonly headers: Field<NonNullable<WrittenRewriting['headers']>>
} = {
  rewrite: map({
    prefix: map({ from: leaf(pathText), to: leaf(pathText) }),
    location: either(leaf(oneOf(['auto'])), list(map({ from: text, to: text }))),
    cookies: map({
      domain: named(leaf(cookieDomain)),
      path: named(leaf(cookiePath)),
    }),
  }),
  headers: map({ request: headerChanges, answer: headerChanges }),
}

/** What only a route may say: a default would send everybody away. */
export const redirect: Field<Partial<Redirect>> = map({
  to: leaf(redirectTo),
  status: leaf(redirectStatus),
})
