import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packageRoot } from '../proxy/package-root.ts'
import { legacySchema } from './20260101t0000-legacy-schema.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'

/** Contracts are left aside, and whatever comes after one. */
const open = migrations.slice(
  0,
  migrations.findIndex(({ contract }) => contract !== undefined),
)
const held = migrations.slice(open.length)

describe('migrate', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-migrate-'))
  after(() => rmSync(dir, { recursive: true, force: true }))

  const run = async (args: readonly string[], url: string) => {
    const [out, err]: [string[], string[]] = [[], []]
    const code = await migrate(args, {
      env: { DATABASE_URL: url },
      out: (line) => out.push(line),
      err: (line) => err.push(line),
    })
    return { code, out: out.join('\n'), err: err.join('\n') }
  }

  const lines = (word: string, list: readonly { readonly name: string }[]): string =>
    list.map(({ name }) => `${word} ${name}`).join('\n')

  it('goes up and down and tells what it did', async () => {
    const url = `sqlite:${join(dir, 'updown.db')}`
    const { name } = legacySchema
    assert.deepEqual(await run(['up', '--to', name], url), {
      code: 0,
      out: `migrated ${name}`,
      err: '',
    })
    assert.equal((await run(['up'], url)).out, lines('migrated', open.slice(1)))
    assert.equal((await run(['up'], url)).out, 'nothing to do')
    assert.deepEqual(JSON.parse((await run(['down', '--to', name, '--json'], url)).out), {
      reverted: open.map((each) => each.name).reverse(),
    })
    assert.match((await run(['status'], url)).out, RegExp(`^pending   ${name}\n`))
  })

  it('holds a contract, and what comes after it, until it is named', async () => {
    const url = `sqlite:${join(dir, 'held.db')}`
    await run(['up'], url)
    const [first] = held
    assert.ok(first)
    const { out } = await run(['status'], url)
    assert.ok(out.startsWith(lines('executed ', open)), out)
    assert.ok(out.includes(`held      ${first.name} (until ${first.contract})`), out)
    const last = held.at(-1)?.name ?? ''
    assert.equal((await run(['up', '--to', last], url)).out, lines('migrated', held))
    assert.equal((await run(['status'], url)).out, lines('executed ', migrations))
  })

  it('prints what docs/guides/migrations.md says, command by command', async () => {
    const page = readFileSync(join(packageRoot(), 'docs/guides/migrations.md'), 'utf8')
    const [, typed = ''] = /```console\n([\s\S]*?)\n```/.exec(page) ?? []
    const url = `sqlite:${join(dir, 'guide.db')}`
    const parts = typed.split(/^\$ node dist\/migrations\/migrate\.js /m).slice(1)
    assert.ok(parts.length >= 5)
    for (const part of parts) {
      const [words = '', ...printed] = part.trimEnd().split('\n')
      const { code, out } = await run(words.split(' '), url)
      assert.deepEqual({ code, out }, { code: 0, out: printed.join('\n') }, words)
    }
  })

  const wrong = [
    ['no verb', [], 'sqlite:x', /say one of/],
    ['an unknown verb', ['sideways'], 'sqlite:x', /say one of/],
    ['a verb of Object', ['toString'], 'sqlite:x', /say one of/],
    ['an unknown option', ['up', '--too'], 'sqlite:x', /--too/],
    ['no URL', ['up'], '', /DATABASE_URL is not set/],
    ['a bad URL', ['up'], 'oracle://x', /is no database URL/],
  ] as const
  for (const [title, args, url, message] of wrong) {
    it(`answers ${title} with usage and code 2`, async () => {
      const { code, err } = await run(args, url)
      assert.equal(code, 2)
      assert.match(err, message)
      assert.match(err, /Usage:/)
    })
  }

  it('answers a database it cannot reach with code 3', async () => {
    const { code, err } = await run(['status'], `sqlite:${join(dir, 'missing.db')}`)
    assert.equal(code, 3)
    assert.match(err, /cannot be opened/)
  })

  it('runs as a program', async () => {
    const program = fileURLToPath(new URL('./migrate.js', import.meta.url))
    const env = { ...process.env, DATABASE_URL: `sqlite:${join(dir, 'program.db')}` }
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'up'], { env })
    assert.equal(stdout, `${lines('migrated', open)}\n`)
  })
})
