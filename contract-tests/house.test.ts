import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { packageRoot } from '../proxy/package-root.ts'

const root = packageRoot()
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

const walk = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.includes('node_modules'))

const imports = (file: string): string[] =>
  [...read(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((found) => found[1] ?? '')

/** Top-level folders of ours that the code of one folder reaches, tests left aside. */
const reaches = (folder: string): string[] => {
  const found = walk(folder, '.ts')
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) =>
      imports(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(root, join(root, dirname(file), name)).split('/')[0] ?? ''),
    )
  return [...new Set(found)].filter((name) => name !== folder).sort()
}

describe('the house', () => {
  it('lets routes/ run without proxy/ and legacy-adapters/', () => {
    assert.deepEqual(
      reaches('routes').filter((name) => name !== 'migrations'),
      [],
    )
    assert.deepEqual(reaches('migrations'), [])
  })

  it('keeps the engine free of the worked example', () => {
    assert.deepEqual(
      reaches('proxy').filter((name) => name !== 'legacy-adapters'),
      [],
    )
  })

  it('depends on nothing under the GPL', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { license?: string; dev?: boolean }>
    }
    const found = Object.entries(packages)
      .filter(([, entry]) => entry.dev !== true && /GPL/.test(entry.license ?? ''))
      .map(([name]) => name)
    assert.deepEqual(found, [])
  })

  it('names no registry host in the lockfile', () => {
    assert.doesNotMatch(read('package-lock.json'), /"resolved"/)
  })

  it("locks every platform's binaries, whatever machine wrote the lockfile", () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>
    }
    const missing = Object.values(packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => packages[`node_modules/${name}`] === undefined)
    assert.deepEqual(missing, [])
  })

  it('keeps the README within 250 lines', () => {
    assert.ok(read('README.md').split('\n').length <= 250)
  })

  it('has no dead link in its documents', () => {
    const pages = ['README.md', 'SECURITY.md', 'CHANGELOG.md', ...walk('docs', '.md')]
    const dead = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((found) => join(dirname(page), found[1] ?? ''))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${page} → ${target}`),
    )
    assert.deepEqual(dead, [])
  })

  it('lists every decision once, under a number of its own', () => {
    const files = walk('docs/adr', '.md')
      .map((file) => basename(file))
      .filter((file) => /^\d{4}-/.test(file))
    const listed = [...read('docs/adr/README.md').matchAll(/^- \[(\d{4})\]\((\1-[^)]+)\): \S/gm)]
    assert.deepEqual(listed.map((found) => found[2]).sort(), files.sort())
    assert.equal(new Set(listed.map((found) => found[1])).size, files.length)
  })

  it('names only tests that exist in the table of invariants', () => {
    const named = [...read('docs/ARCHITECTURE.md').matchAll(/`([\w./-]+\.test\.ts)`/g)]
    const missing = named
      .map((found) => found[1] ?? '')
      .filter((name) => !existsSync(join(root, name)) && !existsSync(join(root, 'proxy', name)))
    assert.deepEqual(missing, [])
  })
})
