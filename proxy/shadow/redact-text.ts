/** Secrets in texts of any form, by the names before them and by their looks. Pure. */
import { redactLooks } from './redact-detect.ts'
import type { SecretNames } from './redact-names.ts'
import type { Tokens } from './redact-token.ts'

export interface TextRedaction {
  /** HTML, XML, prose: anything that is no JSON. */
  plain(text: string): string
  /** A request target, an absolute or a relative URL. */
  url(text: string): string
  /** `application/x-www-form-urlencoded`, a query. */
  form(text: string): string
}

const absoluteUrl = /\bhttps?:\/\/[^\s"'<>\\]{1,4096}/gi
const urlParts = /^((?:[a-z][a-z\d+.-]*:)?\/\/[^/?#]*)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/is
const control = /<(?:input|meta|button|option)\b[^>]{0,4000}>?/gi
const attribute =
  /\b(name|id|property|itemprop|type|value|content)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/gi
const element = /<([\w:.-]{1,64})((?:\s[^<>]{0,2000})?)>([^<]{1,8192})(?=<)/g
const pairName = /([\w.[\]-]{2,64})(["']?\s{0,3}(?:=>?|:)\s{0,3})/g
const pairValue =
  /"(?:[^"\\\n]|\\.){1,4096}"?|'[^'\n]{1,4096}'?|[^\s"'&<>,;)}\]{[][^\s"'&<>,;)}\]]{0,4095}/y

const decoded = (text: string, isForm: boolean): string => {
  try {
    return decodeURIComponent(isForm ? text.replaceAll('+', ' ') : text)
  } catch {
    return text
  }
}

/** `encodeURIComponent` that takes halves of characters, too. */
export const percentEncoded = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))

const encoded = (text: string): string =>
  percentEncoded(text).replaceAll('%3A', ':').replaceAll('%40', '@')

const unquoted = (text: string): string => text.replace(/^["']|["']$/g, '')

const quotedLike = (text: string, inner: string): string => {
  const [quote] = /^["']/.exec(text) ?? ['']
  return quote + inner + quote
}

/** `name=value`, `name: "value"`, each looked at once, however they are nested. */
const redactPairs = (text: string, names: SecretNames, tokens: Tokens): string => {
  let out = ''
  let last = 0
  pairName.lastIndex = 0
  for (let found = pairName.exec(text); found !== null; found = pairName.exec(text)) {
    if (!names.isSecret(found[1] ?? '')) continue
    pairValue.lastIndex = pairName.lastIndex
    const [value] = pairValue.exec(text) ?? []
    if (value === undefined) continue
    const from = pairName.lastIndex
    out += text.slice(last, from) + quotedLike(value, tokens.of(unquoted(value)))
    last = from + value.length
    pairName.lastIndex = last
  }
  return out + text.slice(last)
}

/** What a form would send: its value stands in another attribute than its name. */
const redactControl = (tag: string, names: SecretNames, tokens: Tokens): string => {
  const attributes = [...tag.matchAll(attribute)].map(([, name = '', , value = '']) => ({
    name: name.toLowerCase(),
    value: unquoted(value),
  }))
  const isSecret = attributes.some(
    ({ name, value }) => name !== 'value' && name !== 'content' && names.isSecret(value),
  )
  if (!isSecret) return tag
  return tag.replace(attribute, (whole, name: string, equals: string, value: string) =>
    /^(?:value|content)$/i.test(name)
      ? name + equals + quotedLike(value, tokens.of(unquoted(value)))
      : whole,
  )
}

const redactMarkup = (text: string, names: SecretNames, tokens: Tokens): string =>
  text
    .replace(control, (tag) => redactControl(tag, names, tokens))
    .replace(element, (found, name: string, rest: string, inner: string) =>
      names.isSecret(name) ? `<${name}${rest}>${tokens.of(inner.trim())}` : found,
    )

/** @param repeated takes out what is known to be secret, by whatever name it stands there */
export const createTextRedaction = (
  names: SecretNames,
  tokens: Tokens,
  repeated: (text: string) => string,
): TextRedaction => {
  const parameter = (part: string, isForm: boolean): string => {
    const at = part.indexOf('=')
    if (at === -1) return component(part, isForm)
    const [name, value] = [part.slice(0, at), part.slice(at + 1)]
    const isSecret = value !== '' && names.isSecret(decoded(name, isForm))
    const shown = isSecret ? tokens.of(decoded(value, isForm)) : component(value, isForm)
    return `${component(name, isForm)}=${shown}`
  }
  const form = (text: string): string =>
    text
      .split('&')
      .map((part) => parameter(part, true))
      .join('&')
  /** One step of a path, one value of a query: written as it came where nothing is hidden. */
  const component = (text: string, isForm: boolean): string => {
    const plainText = decoded(text, isForm)
    const redacted = plain(plainText)
    return redacted === plainText ? text : encoded(redacted)
  }
  /** `cart;jsessionid=4f2a`: a step may have parameters of its own. */
  const step = (text: string, before: string): string => {
    const [own = '', ...parameters] = text.split(';')
    // `/reset/token/4f2a`, but `/session/new`.
    const isSecret = /\d/.test(own) && names.isSecret(before)
    const shown = isSecret ? tokens.of(decoded(own, false)) : component(own, false)
    return [shown, ...parameters.map((part) => parameter(part, false))].join(';')
  }
  const path = (text: string): string => {
    const steps = text.split('/')
    return steps.map((each, at) => step(each, steps[at - 1] ?? '')).join('/')
  }
  const start = (origin: string): string =>
    repeated(origin).replace(
      /\/\/([^@]*)@/,
      (_, user: string) => `//${tokens.of(decoded(user, false))}@`,
    )
  const url = (text: string): string => {
    const [, origin = '', steps = '', query, fragment] = urlParts.exec(text) ?? []
    return [
      start(origin),
      path(steps),
      query === undefined ? '' : `?${form(query)}`,
      fragment === undefined ? '' : `#${form(fragment)}`,
    ].join('')
  }
  const plain = (text: string): string => {
    if (text.length < 4) return text
    const known = repeated(text)
    const withoutUrls = known.replace(absoluteUrl, (found) =>
      found === known ? found : url(found),
    )
    const whole = /^https?:\/\//i.test(withoutUrls) && !/\s/.test(known) ? url(known) : withoutUrls
    const markup = whole.includes('<') ? redactMarkup(whole, names, tokens) : whole
    return redactPairs(redactLooks(markup, tokens), names, tokens)
  }
  return { plain, url, form }
}
