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

/** What is known for a secret by its looks: an address, a card, a token, a digest. */
const secretLooks = /@|%40|\d{13,}|eyJ[\w-]{8,}|[\da-f]{32,}/i
/** What follows such a step is one. */
const secretStep = /^(?:[\w-]*(?:token|secret|passw(?:or)?d)s?|reset|verify|invite|api[_-]?keys?)$/i
const secretSteps = /token|secret|passw|reset|verify|invite|api[_-]?key/i

const parameterMark = /(;|%3b)/i
const parameterEquals = /=|%3d/i

/** `;jsessionid=…`: keeps the name of a step's parameter and hides its value, as of a query. */
const redactParameter = (part: string): string => {
  const [name = ''] = part.split(parameterEquals, 1)
  return name === part ? part && hidden : `${name}=${hidden}`
}

/** Hides the steps of a path that look like secrets, or follow a step that names one. */
export const redactPath = (url: string): string => {
  const at = url.indexOf('?')
  const path = at === -1 ? url : url.slice(0, at)
  if (![secretLooks, secretSteps, parameterMark].some((looks) => looks.test(path))) return url
  let before = ''
  const shown = path.split('/').map((step) => {
    const [own = '', ...parts] = step.split(parameterMark)
    const isSecret = own !== '' && (secretLooks.test(own) || secretStep.test(before))
    before = own
    const parameters = parts.map((part, index) => (index % 2 === 0 ? part : redactParameter(part)))
    return (isSecret ? hidden : own) + parameters.join('')
  })
  return shown.join('/') + (at === -1 ? '' : url.slice(at))
}
