/** The files of a config as texts: the main one and all that it includes. */
import { realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { type Diagnostic, diagnostic, type Fault, fault, wholeFile } from './diagnostics.ts'
import { hashTexts, whyUnread } from './fingerprint.ts'
import { expandInclude } from './include.ts'
import { readStable, type StableOptions } from './read-stable.ts'
import { readYaml, type Source } from './yaml.ts'

export interface Sources {
  /** The main file first. Empty when that one cannot be read. */
  readonly sources: readonly Source[]
  /** Absolute paths, in the order of `sources`. */
  readonly files: readonly string[]
  /** Absolute: where a change may mean another config. */
  readonly directories: readonly string[]
  /** As `Fingerprint.texts`; another one where a file does not stop changing. */
  readonly hash: string
  readonly diagnostics: readonly Diagnostic[]
}

interface Reading {
  readonly path: string
  readonly source: Source | null
  /** What a fingerprint takes of it. */
  readonly print: string
  readonly diagnostics: readonly Diagnostic[]
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'this is a directory',
}

const unreadable = (error: unknown): Fault => {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown error'
  const hint = code === 'ENOENT' ? 'name another with --config FILE' : null
  return fault('unreadable', reasons[code] ?? `reading it failed: ${code}`, hint)
}

const stillChanging = fault(
  'unstable',
  'the file keeps changing while it is read',
  'write a copy and rename it over the file',
)

/** @param shown how the file is called in diagnostics */
const read = async (path: string, shown: string, options: StableOptions): Promise<Reading> => {
  const wrong = (what: Fault, print: string): Reading => ({
    path,
    source: null,
    print,
    diagnostics: [diagnostic(what, wholeFile(shown))],
  })
  try {
    const text = await readStable(path, options)
    return text === null
      ? wrong(stillChanging, 'still changing')
      : { path, source: { file: shown, text }, print: text, diagnostics: [] }
  } catch (error) {
    return wrong(unreadable(error), whyUnread(error))
  }
}

/** Parsing costs too much to do it twice for every file that includes nothing. */
const patternsOf = (source: Source): readonly string[] => {
  if (!source.text.includes('include')) return []
  const { value } = readYaml(source, {})
  const include = (value as { include?: unknown } | null)?.include
  return Array.isArray(include) ? include.filter((one) => typeof one === 'string') : []
}

const emptyPattern = (main: Source, i: number): Diagnostic => {
  const hint = 'patterns are relative to this file'
  const what = fault('includeEmpty', 'this pattern matches no file', hint)
  return diagnostic(what, readYaml(main, {}).placeOf(['include', i], 'value'))
}

/** Where a symbolic link really points: a change there is a change here. */
const realDirectory = async (path: string): Promise<string> => {
  try {
    return dirname(await realpath(path))
  } catch {
    return dirname(path)
  }
}

/**
 * Reads a config's files once each is stable. Never rejects: what cannot be read is a diagnostic.
 *
 * @param path of the main file; included files are shown relative to it, as the user named it
 */
export const readSources = async (path: string, options: StableOptions = {}): Promise<Sources> => {
  const main = resolve(path)
  const directory = dirname(main)
  const first = await read(main, path, options)
  const patterns = first.source === null ? [] : patternsOf(first.source)
  const expansions = await Promise.all(patterns.map((one) => expandInclude(directory, one)))
  const included = [...new Set(expansions.flatMap(({ files }) => files))].filter((f) => f !== main)
  const shownAs = (file: string): string => join(dirname(path), relative(directory, file))
  const others = await Promise.all(included.map((file) => read(file, shownAs(file), options)))
  const readings = [first, ...others]
  const sources = readings.flatMap(({ source }) => (source === null ? [] : [source]))
  const files = readings.map((reading) => reading.path)
  const real = await Promise.all(files.map(realDirectory))
  const unmatched = expansions.flatMap(({ files: found }, i) =>
    found.length > 0 || first.source === null ? [] : [emptyPattern(first.source, i)],
  )
  return {
    sources: first.source === null ? [] : sources,
    files,
    directories: [
      ...new Set([directory, ...real, ...expansions.flatMap((one) => one.directories)]),
    ].sort(),
    hash: hashTexts(readings.map(({ print }) => print)),
    diagnostics: [...readings.flatMap((reading) => reading.diagnostics), ...unmatched],
  }
}
