import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../migrations/open-database.ts'
import { type Legacy, startPhp, startRuby } from './legacy.ts'
import { fillTiny } from './tiny-data.ts'

const jwtSecret = 'a secret of the tests'
const mebibyte = 1024 * 1024

/** Resident memory of a process in bytes; 0 where the system does not tell. */
const residentBytes = (pid: number | null): number => {
  if (process.platform !== 'linux') return 0
  const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]
  return Number(pages) * 4096
}

describe('embedded legacies under a long load', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-endurance-'))
  const databaseUrl = `sqlite:${join(dir, 'conduit.db')}`
  let legacies: Record<'php' | 'ruby', Legacy>

  before(async () => {
    await fillTiny(databaseUrl)
    const options = { databaseUrl, jwtSecret, form: 'embedded', dir } as const
    legacies = { php: await startPhp(options), ruby: await startRuby(options) }
  })
  after(async () => {
    await legacies.php.close()
    await legacies.ruby.close()
    rmSync(dir, { recursive: true })
  })

  const ask = async (url: string): Promise<string> => {
    const response = await fetch(url)
    const text = await response.text()
    assert.equal(response.status, 200, text)
    return text
  }

  const repeat = async (url: string, times: number): Promise<void> => {
    const expected = await ask(url)
    for (let turn = 0; turn < times; turn += 8) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => ask(url)))
      for (const answer of answers) assert.equal(answer, expected)
    }
  }

  for (const [language, path] of [
    ['php', '/api/articles'],
    ['ruby', '/api/profiles/jake'],
  ] as const) {
    it(`${language} answers 4 000 requests alike, in bounded memory`, async () => {
      const legacy = legacies[language]
      await repeat(legacy.url + path, 1000)
      const before = residentBytes(legacy.pid())
      await repeat(legacy.url + path, 3000)
      const grown = (residentBytes(legacy.pid()) - before) / mebibyte
      assert.ok(grown < 300, `${language} grew by ${grown} MiB`)
      assert.equal(legacy.falls(), 0, legacy.log())
    })
  }

  it('both read while another process writes, and neither sees a lock', async () => {
    const database = openDatabase(databaseUrl)
    for (let turn = 0; turn < 200; turn += 1) {
      await Promise.all([
        database.query('UPDATE articles SET view_count = view_count + 1'),
        ask(`${legacies.php.url}/api/stats`),
        ask(`${legacies.ruby.url}/api/profiles/jake`),
      ])
    }
    await database.close()
  })
})
