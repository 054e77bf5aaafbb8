import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../proxy/package-root.ts'
import { type Banyan, startBanyan } from './lab/banyan.ts'
import { embeddedForms } from './lab/forms.ts'
import { startWorld, type World } from './lab/world.ts'

interface Typed {
  /** The words after `banyan`. */
  readonly words: readonly string[]
  /** Lines, with … for anything. */
  readonly printed: readonly string[]
}

const prompt = '$ npx --no-install banyan '

const unquoted = (word: string): string => word.replace(/^"(.*)"$/, '$1')

/** What a guide types, in order. */
const typedIn = (page: string): Typed[] => {
  const text = readFileSync(join(packageRoot(), page), 'utf8')
  const blocks = [...text.matchAll(/```console\n([\s\S]*?)```/g)].map((found) => found[1] ?? '')
  return blocks
    .flatMap((block) => block.split(/^(?=\$ )/m))
    .map((part) => {
      const [line = '', ...printed] = part.trimEnd().split('\n')
      assert.ok(line.startsWith(prompt), `${line} is no command of banyan`)
      const words = line.slice(prompt.length).match(/"[^"]*"|\S+/g) ?? []
      return { words: words.map(unquoted), printed }
    })
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A line of … alone stands for any lines; elsewhere … stands for anything within its line. */
const pattern = (printed: readonly string[]): RegExp => {
  const lines = printed.map((line) =>
    line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escaped).join('.*')}\n`,
  )
  return new RegExp(`^${lines.join('')}$`)
}

describe('docs/guides/migrate-a-route.md', function () {
  this.timeout(120_000)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-guide-'))
  let world: World
  let banyan: Banyan

  before(async () => {
    world = await startWorld({ forms: embeddedForms, dir, size: { users: 5, articles: 10 } })
    banyan = await startBanyan(world)
  })
  after(async () => {
    await banyan?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  for (const { words, printed } of typedIn('docs/guides/migrate-a-route.md')) {
    it(`banyan ${words.join(' ')}`, async () => {
      const { stdout, stderr } = await banyan.command(...words)
      assert.match(`${stdout}${stderr}`, pattern(printed))
    })
  }
})
