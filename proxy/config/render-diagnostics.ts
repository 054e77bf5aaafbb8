/** Diagnostics for people, for programs and for the annotations of a pull request. Pure. */
import type { Diagnostic } from './diagnostics.ts'

export type DiagnosticFormat = 'text' | 'json' | 'github'

/** Controls, and what reorders, hides or splits text: a config must not drive the terminal. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const escapeOne = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`

/** Text that can be shown as it stands; what could drive a terminal becomes a `\u` escape. */
export const printable = (text: string): string => text.replace(unsafe, escapeOne)

const widestLine = 120
const before = 40

/** The part of the line round the place, and the caret line below it. */
const excerpt = ({ text, column, length }: Diagnostic): readonly [string, string] => {
  const tabs = text.replaceAll('\t', ' ')
  const from = column > widestLine ? column - before : 0
  const shown = tabs.slice(from, from + widestLine)
  const lead = printable(shown.slice(0, column - 1 - from))
  const marked = printable(shown.slice(column - 1 - from, column - 1 - from + length))
  return [printable(shown), `${' '.repeat(lead.length)}${'^'.repeat(Math.max(1, marked.length))}`]
}

const place = ({ file, line, column }: Diagnostic): string =>
  line === 0 ? printable(file) : `${printable(file)}:${line}:${column}`

const textOf = (one: Diagnostic): string => {
  const head = `${place(one)}  ${one.severity}  ${one.code}  ${printable(one.message)}`
  const hint = one.hint === null ? '' : printable(one.hint)
  if (one.line === 0) return hint === '' ? head : `${head}\n  ${hint}`
  const [line, carets] = excerpt(one)
  const number = String(one.line)
  const gutter = ' '.repeat(number.length)
  return [head, `  ${number} | ${line}`, `  ${gutter} | ${carets} ${hint}`.trimEnd()].join('\n')
}

/** Escapes as GitHub's runner reads workflow commands; properties have two more characters. */
const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const githubOf = (one: Diagnostic): string => {
  const { severity, file, line, column, length, code, message, hint } = one
  const at = line === 0 ? '' : `,line=${line},col=${column},endColumn=${column + length}`
  const said = printable(hint === null ? message : `${message}: ${hint}`)
  return `::${severity} file=${escapeProperty(printable(file))}${at},title=${code}::${escapeData(said)}`
}

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`

/** `2 errors, 1 warning` */
export const countDiagnostics = (diagnostics: readonly Diagnostic[]): string => {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  return `${count(errors, 'error')}, ${count(diagnostics.length - errors, 'warning')}`
}

const formats: Readonly<Record<DiagnosticFormat, (all: readonly Diagnostic[]) => string>> = {
  text: (all) => all.map(textOf).join('\n\n'),
  json: (all) => JSON.stringify(all, null, 2),
  github: (all) => all.map(githubOf).join('\n'),
}

/** Without a line break at the end; empty text for no diagnostics, except in JSON. */
export const renderDiagnostics = (
  diagnostics: readonly Diagnostic[],
  format: DiagnosticFormat = 'text',
): string => formats[format](diagnostics)
