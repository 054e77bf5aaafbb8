import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { packageRoot } from '../proxy/package-root.ts'

const root = packageRoot()
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

/** What `npm pack` takes of this tree as it is built. */
const publishedFiles = (): readonly string[] => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }]
  return files.map(({ path }) => path)
}

const asked = /(?:\bfrom |\bimport |\bimport\(|new URL\(|createRequire\([^']*\)\()'([^'\n]+)'/g

/** Modules that a compiled file names: `./x.js`, `node:fs`, `koa`, `undici/lib/x.js`. */
const namesIn = (file: string): readonly string[] =>
  [...read(file).matchAll(asked)].map((found) => found[1] ?? '')

/** What runs, and what the types of that name: a declaration says `.ts` where the code says `.js`. */
const reachedFrom = (entries: readonly string[]): ReadonlySet<string> => {
  const reached = new Set(entries)
  for (const file of reached) {
    const run = namesIn(file).filter((name) => /^\..*\.js$/.test(name))
    const typed = namesIn(file.replace(/\.js$/, '.d.ts')).filter((name) => /^\..*\.ts$/.test(name))
    for (const name of [...run, ...typed]) {
      reached.add(normalize(join(dirname(file), name.replace(/\.ts$/, '.js'))))
    }
  }
  return reached
}

/** `koa`, `@koa/router`; null: part of Node, or one of our own. */
const packageOf = (name: string): string | null =>
  /^(?:node:|[./])/.test(name) ? null : (/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? null)

describe('the published package', function () {
  this.timeout(60_000)
  let files: readonly string[] = []
  let scripts: readonly string[] = []
  let doors: ReadonlyMap<string, readonly string[]> = new Map()

  before(() => {
    files = publishedFiles()
    scripts = files.filter((file) => file.endsWith('.js'))
    const found = new Map<string, string[]>()
    for (const file of scripts) {
      for (const name of new Set(namesIn(file).map(packageOf))) {
        if (name !== null) found.set(name, [...(found.get(name) ?? []), file])
      }
    }
    doors = found
  })

  it('holds no test, no sample and no code under the GPL', () => {
    assert.ok(files.includes('dist/proxy/cli.js'), 'the command is in the package')
    const foreign =
      /\.test\.|-lab\.|\/(sample|embedded|conformance)\/|\/plain-|^dist\/(routes|contract)/
    assert.deepEqual(
      files.filter((name) => foreign.test(name)),
      [],
    )
  })

  it('holds what the command and the library reach, and nothing that they do not', () => {
    const reached = reachedFrom(['dist/proxy/cli.js', 'dist/proxy/index.js'])
    const left = scripts.filter((file) => !reached.has(file))
    const missing = [...reached].filter((file) => !files.includes(file))
    assert.deepEqual({ left, missing }, { left: [], missing: [] })
  })

  it('needs nothing at run time that its installation leaves out', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object }
    const undeclared = [...doors].filter(([name]) => !Object.hasOwn(dependencies, name))
    assert.deepEqual(undeclared, [])
  })

  it('has one door for each package it depends on', () => {
    const more = [...doors].filter(([, where]) => where.length > 1)
    assert.deepEqual(more, [])
  })
})
