import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../proxy/package-root.ts'

const root = packageRoot()
const folders = ['proxy', 'routes', 'legacy-adapters', 'migrations', 'contract-tests', 'config']
const endings = /\.(ts|yaml|json|php|rb)$/

/** The words of the glossary's last section. */
const neverUsed = (): string[] => {
  const page = readFileSync(join(root, 'docs/GLOSSARY.md'), 'utf8')
  const section = page.split('## Never used')[1] ?? ''
  return section.split('·').map((word) => word.trim())
}

const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('vocabulary.test'))

describe('the vocabulary', () => {
  it('names words that are never used', () => {
    assert.equal(neverUsed().length, 8)
  })

  for (const word of neverUsed()) {
    it(`does not use "${word}" in code or config`, () => {
      const found = folders
        .flatMap(files)
        .filter((file) => readFileSync(file, 'utf8').toLowerCase().includes(word))
      assert.deepEqual(found, [])
    })
  }
})
