/** Which names say that their value is nobody's business. Pure. */

/** Whole words of a name: `card_number`, `userEmail`, `x-auth-token`. */
const words: ReadonlySet<string> = new Set(
  (
    'auth authentication authorization bearer bic birth birthday birthdate card cardnumber cc credential ' +
    'credentials csrf cvc cvv cvv2 dob email emails fax iban jwt mail mobile msisdn nonce nino otp pan ' +
    'pass passcode passphrase passport passwd password passwords phone phones phpsessid pin pwd ' +
    'salt secret secrets session sessionid sid sig signature sin ssn swift tan taxid tel telephone ' +
    'token tokens totp xsrf'
  ).split(' '),
)

/** Distinctive enough to be found within a word: `accesstoken`, `newpassword2`. */
const stems: RegExp =
  /passw(?:or)?d|passphrase|pincode|mnemonic|saml(?:request|response)|assertion|verifier|secret|token|credential|api_?key|apikey|privatekey|private_key|accesskey|access_key|creditcard|cardnumber|cardno|accountnumber|account_number|sortcode|iban|emailaddr|phonenumber|sessionid|sessid|birthdate|dateofbirth|socialsecurity|(?:^|_)(?:tax|insurance)_(?:id|no|number)|nationalid|drivers?licen[cs]e|licen[cs]ekey|maidenname|connectionstring|(?:device|user|verification|security|recovery|backup)code|bankaccount|routingnumber|(?:security|secret)(?:answer|question)|(?:subscription|functions|signing|encryption|master|shared)key/

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')

/** Names of headers that are secret as a whole, or that say where somebody is. */
const headerNames: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'authentication-info',
  'cookie2',
  'set-cookie2',
  'x-api-key',
  'api-key',
  'apikey',
  'forwarded',
  'x-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'fastly-client-ip',
  'x-forwarded-user',
  'x-remote-user',
  'remote-user',
  'x-authenticated-user',
  'x-user',
  'x-user-id',
  'dpop',
  'client-cert',
  'x-client-cert',
  'ssl-client-cert',
  'x-ssl-client-cert',
  'x-forwarded-client-cert',
  'x-ms-client-principal',
  'x-ms-client-principal-id',
  'x-ms-client-principal-name',
  'x-amzn-oidc-data',
  'x-amzn-oidc-identity',
  'x-original-forwarded-for',
  'x-azure-clientip',
  'x-appengine-user-ip',
  'fly-client-ip',
  'from',
])

/** `Ocp-Apim-Subscription-Key`, `X-Functions-Key`. */
const keyHeader = /-key$/
const plainKeys = /^(?:sec-websocket|(?:x-)?idempotency|(?:x-)?surrogate|(?:x-)?cache)-key$/

const isSecretHeaderName = (name: string): boolean =>
  headerNames.has(name) || (keyHeader.test(name) && !plainKeys.test(name))

export interface SecretNames {
  /** Of a field, a parameter, an attribute: `user[password]` and `userPassword` too. */
  isSecret(name: string): boolean
  /** Of a header, whatever its case. */
  isSecretHeader(name: string): boolean
}

const mostRemembered = 5_000

/** @param more further names, whatever their case and whether they are written with `_`, `-` or neither */
export const createSecretNames = (more: readonly string[] = []): SecretNames => {
  const plain = (name: string): string => wordsOf(name).join('')
  const own = new Set(more.map(plain).filter((name) => name !== ''))
  const known = new Map<string, boolean>()

  const judge = (name: string): boolean => {
    const parts = wordsOf(name)
    if (parts.some((part) => words.has(part))) return true
    const [joined, underlined] = [parts.join(''), parts.join('_')]
    if (stems.test(joined) || stems.test(underlined)) return true
    // `user[nickname]` is about a nickname, too.
    return (
      own.size > 0 &&
      (own.has(joined) || name.split(/[^\w-]+/).some((part) => own.has(plain(part))))
    )
  }
  const isSecret = (name: string): boolean => {
    const found = known.get(name)
    if (found !== undefined) return found
    const verdict = judge(name.slice(0, 256))
    if (known.size < mostRemembered) known.set(name, verdict)
    return verdict
  }
  return {
    isSecret,
    isSecretHeader: (name) => isSecretHeaderName(name.toLowerCase()) || isSecret(name),
  }
}
