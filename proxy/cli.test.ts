import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commands, commonOptions } from './commands/catalogue.ts'
import type { Command } from './commands/command.ts'
import { createFolder, drivesTerminal, type Folder, plainFile } from './commands/command-lab.ts'
import { packageRoot } from './package-root.ts'

const cli = fileURLToPath(new URL('./cli.js', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const banyan = (words: readonly string[], options: { uid?: number } = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [cli, ...words], options, (_, out, err) => {
      resolve({ code: child.exitCode, out, err })
    })
  })

describe('the command line', () => {
  let folder: Folder
  let file = ''
  beforeEach(() => {
    folder = createFolder()
    file = folder.write('b.yaml', plainFile)
  })
  afterEach(() => folder.remove())

  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['check'], 0, /3 routes, revision/],
    [['explain', 'GET', '/articles/a', '-k', 'ana'], 0, /bucket/],
    [['explain', 'GET', '/articles/a', '-H', 'x-user-id: a', '-H', 'b: c'], 0, /"a" of cohort/],
    [['--json', 'routes'], 0, /^{\n {2}"revision"/],
    [['flip', 'articles.lst', 'modern'], 1, /did you mean "articles.list"/],
    [['chekc'], 2, /Did you mean check\?[\s\S]*"banyan --help"/],
    [['routes', '--idz'], 2, /Did you mean --ids\?/],
    [['explain', 'GET'], 2, /missing required argument 'url'/],
    [['token', 'mint', '--target', 'both'], 2, /Allowed choices are legacy, modern/],
    [[], 2, /Usage: banyan/],
    [['status', '--admin', '127.0.0.1:1'], 3, /no proxy answers/],
    [['--help'], 0, /Exit codes: 0 fine/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n/],
  ]
  for (const [words, exit, text] of cases) {
    it(`exits ${exit} on banyan ${words.join(' ')}`, async () => {
      const needsFile = words.length > 0 && !/^--(help|version)$/.test(words[0] ?? '')
      const { code, out, err } = await banyan(needsFile ? [...words, '--config', file] : words)
      assert.equal(code, exit, err)
      assert.match(out + err, text)
    })
  }

  it('tells wrong usage as JSON where JSON was asked for', async () => {
    const { code, out } = await banyan(['routes', '--json', '--idz'])
    assert.equal(code, 2)
    assert.match(JSON.parse(out).error.message, /unknown option '--idz'/)
  })

  it('exits 3 without a config file', async () => {
    const { code, out } = await banyan(['check', '--config', join(folder.path, 'none.yaml')])
    assert.equal(code, 3)
    assert.match(out, /no such file/)
  })

  it('prints nothing that a terminal obeys, whatever was typed', async () => {
    const { code, err } = await banyan(['\u001b[2J\u009b31m'])
    assert.equal(code, 2)
    assert.ok(!drivesTerminal(err))
  })

  it('has no colours where nobody looks', async () => {
    assert.ok(!drivesTerminal((await banyan(['routes', '--config', file])).out))
  })

  it('ends quietly when its reader has seen enough', async () => {
    const child = spawn(process.execPath, [cli, 'schema'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    const errors: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    const [code] = await once(child, 'close')
    assert.deepEqual([code, Buffer.concat(errors).toString()], [0, ''])
  })

  it('exits 3 with the edit to make where the file may not be written', async function () {
    const isRoot = process.getuid?.() === 0
    chmodSync(file, 0o444)
    chmodSync(folder.path, 0o555)
    const words = ['flip', 'articles.list', 'modern', '--config', file]
    // Nobody's rights: root may write what nobody may.
    const { code, out, err } = await banyan(words, isRoot ? { uid: 65_534 } : {})
    chmodSync(folder.path, 0o755)
    if (err.includes('EACCES') || code === null) this.skip() // this tree is closed to nobody
    assert.equal(code, 3, err)
    assert.match(out, /- .*stage: legacy.*\n\+ .*stage: modern/)
    assert.match(err, /make this edit where it comes from, in Git/)
    assert.equal(readFileSync(file, 'utf8'), plainFile)
  })

  for (const { name, examples } of commands) {
    it(`has help with examples for ${name}`, async () => {
      const { code, out } = await banyan([name, '--help'])
      assert.equal(code, 0)
      for (const { line } of examples) assert.ok(out.includes(`$ ${line}`), line)
    })
  }
})

describe('docs/reference/cli.md', () => {
  const page = readFileSync(join(packageRoot(), 'docs/reference/cli.md'), 'utf8')
  const sections = new Map(
    page.split(/^## /m).map((section) => [section.split('\n')[0] ?? '', section] as const),
  )
  const flagsIn = (text: string): readonly string[] =>
    [...text.matchAll(/^\| `(-[^`]*)` \|/gm)].map((found) => found[1] ?? '').sort()
  const argsIn = (text: string): readonly string[] =>
    [...text.matchAll(/^\| `([^-`][^`]*)` \|/gm)].map((found) => found[1] ?? '')
  const usage = ({ name, args }: Command): string =>
    ['banyan', name, ...args.map((arg) => (arg.required ? `<${arg.name}>` : `[${arg.name}]`))].join(
      ' ',
    )

  it('has a section for every command, and no other', () => {
    const names = [...sections.keys()].filter((title) => title.startsWith('`banyan '))
    assert.deepEqual(
      names,
      commands.map((command) => `\`${usage(command)}\``),
    )
  })

  for (const command of commands) {
    it(`names arguments, options and examples of ${command.name} as they are`, () => {
      const section = sections.get(`\`${usage(command)}\``) ?? ''
      assert.deepEqual(flagsIn(section), command.options.map(({ flags }) => flags).sort())
      assert.deepEqual(
        argsIn(section),
        command.args.map(({ name }) => name),
      )
      assert.ok(section.includes(command.summary), command.summary)
      for (const { line } of command.examples) assert.ok(section.includes(line), line)
    })
  }

  it('names the options of every command as they are', () => {
    const section = sections.get('Options of every command') ?? ''
    assert.deepEqual(flagsIn(section), commonOptions.map(({ flags }) => flags).sort())
  })
})
