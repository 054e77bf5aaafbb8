/**
 * Everything that can be wrong with a config: one table, one shape. Codes never change their
 * meaning; docs/reference/diagnostics.md carries the same rows (tested).
 */

export type Severity = 'error' | 'warning'

interface Row {
  readonly code: string
  readonly severity: Severity
  readonly title: string
}

// biome-ignore format: a table reads best as a table
const table = {
  unreadable:         { code: 'BC1001', severity: 'error',   title: 'The file cannot be read' },
  empty:              { code: 'BC1002', severity: 'error',   title: 'The file is empty' },
  syntax:             { code: 'BC1003', severity: 'error',   title: 'The file is not valid YAML' },
  duplicateKey:       { code: 'BC1004', severity: 'error',   title: 'A key is written twice' },
  missingVariable:    { code: 'BC1005', severity: 'error',   title: 'An environment variable is not set' },
  includeEmpty:       { code: 'BC1006', severity: 'warning', title: 'An include pattern matches no file' },
  unstable:           { code: 'BC1007', severity: 'error',   title: 'The file does not stop changing' },
  loaderFailed:       { code: 'BC1008', severity: 'error',   title: 'The config could not be loaded' },
  notApplied:         { code: 'BC1009', severity: 'error',   title: 'The config is valid and could not be put in force' },
  unknownKey:         { code: 'BC1101', severity: 'error',   title: 'A key is not known' },
  wrongType:          { code: 'BC1102', severity: 'error',   title: 'A value is of the wrong type' },
  notAllowed:         { code: 'BC1103', severity: 'error',   title: 'A value is not one of those allowed' },
  badDuration:        { code: 'BC1104', severity: 'error',   title: 'A duration is not understood' },
  badSize:            { code: 'BC1105', severity: 'error',   title: 'A size is not understood' },
  badShare:           { code: 'BC1106', severity: 'error',   title: 'A share is not understood' },
  badNumber:          { code: 'BC1107', severity: 'error',   title: 'A number is out of range' },
  badText:            { code: 'BC1108', severity: 'error',   title: 'A text has not the form it needs' },
  badName:            { code: 'BC1109', severity: 'error',   title: 'A name has not the form it needs' },
  missingKey:         { code: 'BC1110', severity: 'error',   title: 'A key is missing' },
  badMatch:           { code: 'BC1111', severity: 'error',   title: 'A match is not understood' },
  badRule:            { code: 'BC1112', severity: 'error',   title: 'A rule is not understood' },
  unknownUpstream:    { code: 'BC1201', severity: 'error',   title: 'An upstream is not defined' },
  unknownAdapter:     { code: 'BC1202', severity: 'error',   title: 'A legacy adapter is not known' },
  unknownRuleset:     { code: 'BC1203', severity: 'error',   title: 'A ruleset is not defined' },
  unknownGate:        { code: 'BC1204', severity: 'error',   title: 'A gate is not defined' },
  unknownRollout:     { code: 'BC1205', severity: 'error',   title: 'A rollout is not defined' },
  unknownFile:        { code: 'BC1206', severity: 'error',   title: 'A file that the config names is not there' },
  noHandlers:         { code: 'BC1207', severity: 'error',   title: 'A route needs handlers and none are configured' },
  badTls:             { code: 'BC1208', severity: 'error',   title: 'A certificate or key cannot be used' },
  noRoutes:           { code: 'BC1301', severity: 'error',   title: 'There are no routes' },
  duplicateRoute:     { code: 'BC1302', severity: 'error',   title: 'Two files define the same route' },
  tie:                { code: 'BC1303', severity: 'error',   title: 'Two routes match the same requests' },
  unreachable:        { code: 'BC1304', severity: 'error',   title: 'No request can reach a route' },
  exampleElsewhere:   { code: 'BC1305', severity: 'error',   title: 'An example does not reach its route' },
  stageAndRollout:    { code: 'BC1401', severity: 'error',   title: 'A route has both stage and rollout' },
  canaryNeedsWeight:  { code: 'BC1402', severity: 'error',   title: 'A canary needs a weight' },
  modernMissing:      { code: 'BC1403', severity: 'error',   title: 'The stage needs a modern target' },
  legacyMissing:      { code: 'BC1404', severity: 'error',   title: 'The stage needs a legacy target' },
  effectsMissing:     { code: 'BC1405', severity: 'error',   title: 'The stage needs declared effects' },
  readOnUnsafe:       { code: 'BC1501', severity: 'warning', title: 'effects: read is not inherited by an unsafe method' },
  unsafeFallback:     { code: 'BC1502', severity: 'error',   title: 'A fallback could execute a write twice' },
  resetTooSoon:       { code: 'BC1503', severity: 'error',   title: 'A breaker tries again before its calls have ended' },
  writesElsewhere:    { code: 'BC1504', severity: 'error',   title: 'Writes can be captured only in handlers' },
  rotatingCallerKey:  { code: 'BC1505', severity: 'error',   title: 'A session cookie is no caller key' },
  splitWrites:        { code: 'BC1506', severity: 'warning', title: 'Writes under one path split their callers differently' },
  idleShadow:         { code: 'BC1507', severity: 'warning', title: 'A shadow could not tell anything' },
  sharedFile:         { code: 'BC1508', severity: 'warning', title: 'Copies of a SQLite file could drop the locks of handlers' },
  writesNowhere:      { code: 'BC1509', severity: 'error',   title: 'Writes in the shadows have no place' },
  twinOfItself:       { code: 'BC1510', severity: 'error',   title: 'The twin is the database that clients use' },
  publicAdmin:        { code: 'BC1601', severity: 'error',   title: 'The admin listener would be public' },
  samePort:           { code: 'BC1602', severity: 'error',   title: 'Two listeners want the same port' },
  unverifiedTls:      { code: 'BC1603', severity: 'warning', title: 'An upstream is believed without proof' },
  withoutEffect:      { code: 'BC1701', severity: 'warning', title: 'A key has no effect yet' },
  doubtfulRule:       { code: 'BC1702', severity: 'warning', title: 'A rule overlooks more than it should, or nothing any more' },
} as const

export type DiagnosticName = keyof typeof table

/** Every row, in the order of the table. */
export const diagnosticRows: readonly Row[] = Object.values(table)

/** One thing that is wrong, and where. Plain data: travels between threads and as JSON. */
export interface Diagnostic {
  readonly code: string
  readonly severity: Severity
  /** As the user named it. */
  readonly file: string
  /** From 1; 0 when the file as a whole is meant. */
  readonly line: number
  /** From 1, in UTF-16 units; 0 when the file as a whole is meant. */
  readonly column: number
  /** How much of the line is meant, in UTF-16 units, at least 1. */
  readonly length: number
  /** The offending line as written; empty when the file as a whole is meant. */
  readonly text: string
  /** What is wrong, one clause. */
  readonly message: string
  /** What is allowed, and the way out; null when the message says it. */
  readonly hint: string | null
}

export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly length: number
  readonly text: string
}

/** What is wrong, before it is known where. */
export interface Fault {
  readonly fault: DiagnosticName
  readonly message: string
  readonly hint: string | null
}

export const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' && value !== null && 'fault' in value

export const fault = (
  name: DiagnosticName,
  message: string,
  hint: string | null = null,
): Fault => ({
  fault: name,
  message,
  hint,
})

/** The place of a file as a whole. */
export const wholeFile = (file: string): Place => ({
  file,
  line: 0,
  column: 0,
  length: 1,
  text: '',
})

export const diagnostic = (
  what: Fault,
  { file, line, column, length, text }: Place,
): Diagnostic => {
  const { code, severity }: Row = table[what.fault]
  const { message, hint } = what
  return { code, severity, file, line, column, length, text, message, hint }
}

/** In the order of the files, each from top to bottom; what is said twice of one place, once. */
export const sortDiagnostics = (
  found: readonly Diagnostic[],
  files: readonly string[],
): readonly Diagnostic[] => {
  const seen = new Set<string>()
  const once = found.filter(({ code, file, line, column, message }) => {
    const key = JSON.stringify([code, file, line, column, message])
    return !seen.has(key) && seen.add(key)
  })
  return once.sort(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      a.code.localeCompare(b.code),
  )
}
