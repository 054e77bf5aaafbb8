import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands, commonOptions } from '../proxy/commands/catalogue.ts'
import { includedFile, mainFile } from '../proxy/config/keys.ts'
import { jsonSchemaOf } from '../proxy/config/schema.ts'
import { packageRoot } from '../proxy/package-root.ts'
import { metricNames, metricRow } from '../proxy/telemetry/catalogue.ts'
import { readPage, tableRows } from '../proxy/telemetry/reference-page.ts'

const root = packageRoot()
const glossary = readPage('GLOSSARY.md')
const folders = ['proxy', 'routes', 'legacy-adapters', 'migrations', 'contract-tests', 'config']
const endings = /\.(ts|yaml|json|php|rb)$/

const section = (title: string): string =>
  glossary.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? ''

const neverUsed = section('Never used')
  .split('·')
  .map((word) => word.trim())

const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/vocabulary\.test|[\\/]node_modules[\\/]/.test(file))

/** `half-open`, `halfOpenCalls`, `HALF_OPEN` → their words, lower case. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())

/** Bold: a term. In backquotes: one of its values. What to avoid stands in the third column. */
const terms = [...glossary.matchAll(/^\| (\*\*.*?) \| (.*?) \|/gm)].flatMap(([, word, meaning]) =>
  [...`${word} ${meaning}`.matchAll(/\*\*(.+?)\*\*|`(.+?)`/g)].flatMap(([marked]) =>
    wordsOf(marked),
  ),
)
const plain = [...section('Plain words').matchAll(/^- .*?: (.*)$/gm)].flatMap(([, list = '']) =>
  list.split(' · ').map((word) => word.trim()),
)
const known = new Set([...terms, ...plain])

const isKnown = (word: string): boolean =>
  [
    word,
    `${word}s`,
    word.replace(/s$/, ''),
    word.replace(/es$/, ''),
    word.replace(/ies$/, 'y'),
  ].some((form) => known.has(form))

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

const keysOf = ({ properties = {}, additionalProperties, items, anyOf = [] }: Schema): string[] => [
  ...Object.keys(properties),
  ...Object.values(properties).flatMap(keysOf),
  ...(typeof additionalProperties === 'object' ? keysOf(additionalProperties) : []),
  ...(items === undefined ? [] : keysOf(items)),
  ...anyOf.flatMap(keysOf),
]

const longFlag = ({ flags }: { readonly flags: string }): string =>
  /--([\w-]+)/.exec(flags)?.[1] ?? flags

const exported = [
  ...readFileSync(join(root, 'proxy/index.ts'), 'utf8').matchAll(/^export (?:type )?\{(.*?)\}/gms),
].flatMap(([, names = '']) => names.split(',').map((name) => name.replace(/^\s*type /, '').trim()))

const names: Readonly<Record<string, readonly string[]>> = {
  'config key': [mainFile, includedFile].flatMap((one) => keysOf(jsonSchemaOf(one) as Schema)),
  'metric or label': metricNames.flatMap((name) => [name, ...metricRow(name).labels]),
  'command, argument or option': [
    ...commands.flatMap(({ name, args, options }) => [
      name,
      ...args.map((each) => each.name),
      ...options.map(longFlag),
    ]),
    ...commonOptions.map(longFlag),
  ],
  // Compared with the code by a test of its own.
  'field of the log': tableRows(readPage('reference/log.md'), ['field', 'what it is']).map(
    ([field = '']) => field,
  ),
  'export of the package': exported.filter((name) => name !== ''),
}

describe('the vocabulary', () => {
  it('names words that are never used', () => {
    assert.equal(neverUsed.length, 8)
    assert.deepEqual(neverUsed.filter(isKnown), [])
  })

  for (const word of neverUsed) {
    it(`does not use "${word}" in code or config`, () => {
      const found = folders
        .flatMap(files)
        .filter((file) => readFileSync(file, 'utf8').toLowerCase().includes(word))
      assert.deepEqual(found, [])
    })
  }

  for (const [kind, list] of Object.entries(names)) {
    it(`knows every word of every ${kind}`, () => {
      assert.ok(list.length > 5, `nothing is left to look at: ${list.join(', ')}`)
      const unknown = [...new Set(list)].flatMap((name) =>
        wordsOf(name)
          .filter((word) => !isKnown(word))
          .map((word) => `"${word}" of the ${kind} ${name}`),
      )
      const wayOut =
        'take a word of docs/GLOSSARY.md, or add it there: to a table if it names something of ' +
        'Banyan, else under "Plain words"'
      assert.equal(unknown.length, 0, `${unknown.join(', ')}: ${wayOut}`)
    })
  }
})
