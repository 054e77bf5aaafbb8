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

/** A token is quoted; `filename*=` takes no quotes (RFC 8187 §3.2), so there they are no spelling. */
const parameterForm = (piece: string): string => {
  const [, name, value = ''] = parameter.exec(piece) ?? []
  if (name === undefined) return piece
  const isPlain = value.startsWith('"') || name.endsWith('*')
  return `${name}=${isPlain ? value : `"${value}"`}`
}

/** `attachment;filename=a` as `attachment; filename="a"`. */
export const parametersForm = (text: string): string =>
  pieces(text, ';').map(parameterForm).join('; ')

/** Parts that a mark divides, without empty ones, each as `formOf` writes it. */
const parted = (text: string, mark: string, formOf: (part: string) => string): string =>
  text
    .split(mark)
    .map(formOf)
    .filter((part) => part !== '')
    .join(`${mark} `)

/** Policies of directives of words (CSP3 §2.2): it has no quotes that could hold a mark. */
export const policyForm = (text: string): string =>
  parted(text, ',', (policy) =>
    parted(policy, ';', (directive) =>
      directive
        .trim()
        .split(/[\t\n\f\r ]+/)
        .join(' '),
    ),
  )
