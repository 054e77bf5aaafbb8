/** Values of header fields in one spelling: optional white space and quotes mean nothing (RFC 9110 §5.6). Pure. */

const openings: Readonly<Record<string, string>> = { '"': '"', '<': '>' }

/** What a mark divides; in quotes and in angle brackets it divides nothing. One look per character. */
export const pieces = (text: string, mark: ',' | ';'): string[] => {
  const found = ['']
  let closing = ''
  let isEscaped = false
  for (const char of text) {
    if (char === mark && closing === '') {
      found.push('')
      continue
    }
    if (closing === '') closing = openings[char] ?? ''
    else if (char === closing && !isEscaped) closing = ''
    isEscaped = char === '\\' && closing === '"' && !isEscaped
    found.push(`${found.pop() ?? ''}${char}`)
  }
  return found.map((piece) => piece.trim()).filter((piece) => piece !== '')
}

const parameter = /^([!#$%&'*+.^_`|~\w-]+)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|[!#$%&'*+.^_`|~\w-]+)$/s

const token = /^[!#$%&'*+.^_`|~\w-]+$/

/**
 * A token is quoted, and names are of any case, as is a directive or a disposition, which has no value;
 * `filename*=` takes no quotes (RFC 8187 §3.2), so there they are no spelling.
 */
const parameterForm = (piece: string): string => {
  const [, name, value = ''] = parameter.exec(piece) ?? []
  if (name === undefined) return token.test(piece) ? piece.toLowerCase() : piece
  const isPlain = value.startsWith('"') || name.endsWith('*')
  return `${name.toLowerCase()}=${isPlain ? value : `"${value}"`}`
}

/** `Attachment;filename=a` as `attachment; filename="a"`. */
export const parametersForm = (text: string): string =>
  pieces(text, ';').map(parameterForm).join('; ')

const isParameter = (piece: string): boolean => /^[^\s="]+[ \t]*=(?!=*$)/.test(piece)

const schemed = /^([^\s,"]+)[ \t]+(.*)$/s

/** Its scheme in lower case, its parameters in one order and spelling; what is no parameter, as it is. */
const challengeForm = ([first = '', ...others]: readonly string[]): string => {
  const [, scheme = first, rest = ''] = schemed.exec(first) ?? []
  const given = [rest, ...others].filter((piece) => piece !== '')
  const forms = given.map((piece) => (isParameter(piece) ? parameterForm(piece) : piece))
  return `${scheme.toLowerCase()} ${forms.sort().join(', ')}`.trim()
}

/** Every challenge of a field (RFC 9110 §11.6.1), whichever line it is on: sorted, since their order means nothing. */
export const challengeForms = (text: string): string[] => {
  const challenges: string[][] = []
  for (const piece of pieces(text, ',')) {
    const current = challenges.at(-1)
    if (isParameter(piece) && current !== undefined) current.push(piece)
    else challenges.push([piece])
  }
  return challenges.map(challengeForm).sort()
}

/** Parts that a mark divides, without empty ones, each as `formOf` writes it. */
const parted = (text: string, mark: string, formOf: (part: string) => string): string =>
  text
    .split(mark)
    .map(formOf)
    .filter((part) => part !== '')
    .join(`${mark} `)

/** The name of a directive is of any case (CSP3 §2.2.1); what it says may be a path, and is not. */
const directiveForm = (directive: string): string => {
  const [name = '', ...words] = directive.trim().split(/[\t\n\f\r ]+/)
  return [name.toLowerCase(), ...words].join(' ')
}

/** Policies of directives of words (CSP3 §2.2): it has no quotes that could hold a mark. */
export const policyForm = (text: string): string =>
  parted(text, ',', (policy) => parted(policy, ';', directiveForm))
