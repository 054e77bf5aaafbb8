/** URLs as they may be shown: without what may be secret. Pure. */

const userInfo = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i
const hidden = '…'

/** Takes user, password and query out of a URL; any other text stays as it is. */
export const redactUrl = (text: string): string => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text
  const [plain = ''] = text.split('?')
  return plain.replace(userInfo, `$1${hidden}@`) + (text.includes('?') ? `?${hidden}` : '')
}

/** Keeps the names of a query and hides its values; a part without a name might be a value. */
export const redactQuery = (url: string): string => {
  const at = url.indexOf('?')
  if (at === -1) return url
  const parts = url.slice(at + 1).split('&')
  const redacted = parts.map((part) => {
    const equals = part.indexOf('=')
    if (equals !== -1) return part.slice(0, equals + 1) + hidden
    return part === '' ? '' : hidden
  })
  return `${url.slice(0, at)}?${redacted.join('&')}`
}
