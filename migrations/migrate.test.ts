import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { legacySchema } from './20260101t0000-legacy-schema.ts'
import { migrate } from './migrate.ts'

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

  it('goes up and down and tells what it did', async () => {
    const url = `sqlite:${join(dir, 'updown.db')}`
    assert.deepEqual(await run(['up'], url), {
      code: 0,
      out: `migrated ${legacySchema.name}`,
      err: '',
    })
    assert.equal((await run(['up'], url)).out, 'nothing to do')
    assert.equal((await run(['status'], url)).out, `executed  ${legacySchema.name}`)
    assert.deepEqual(JSON.parse((await run(['down', '--json'], url)).out), {
      reverted: [legacySchema.name],
    })
    assert.equal((await run(['status'], url)).out, `pending   ${legacySchema.name}`)
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
    assert.equal(stdout, `migrated ${legacySchema.name}\n`)
  })
})
