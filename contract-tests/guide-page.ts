/** A guide as what is typed along it: its blocks of code, its commands, and what they print. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../proxy/package-root.ts'

export interface Block {
  /** What stands behind the fence: `console`, `yaml`. */
  readonly language: string
  readonly text: string
}

export interface Typed {
  /** The program, and its words without their quotes. */
  readonly words: readonly [string, ...string[]]
  /** All that it prints. */
  readonly printed: RegExp
}

/** @param page relative to the repository */
export const blocksOf = (page: string): readonly Block[] =>
  [...readFileSync(join(packageRoot(), page), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', text = '']) => ({ language, text }),
  )

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A line of … alone stands for any lines; elsewhere … stands for anything within its line. */
const pattern = (printed: readonly string[]): RegExp => {
  const lines = printed.map((line) =>
    line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escaped).join('.*')}\n`,
  )
  return new RegExp(`^${lines.join('')}$`)
}

const unquoted = (word: string): string => word.replace(/^"(.*)"$/, '$1')

/** The commands of a block of `console`, in order. `npx` is left out: the program is `banyan`. */
export const typedIn = ({ text }: Block): readonly Typed[] =>
  text.split(/^(?=\$ )/m).map((part) => {
    const [line = '', ...printed] = part.trimEnd().split('\n')
    const words = line.replace(/^\$ npx --no-install /, '$ ').match(/"[^"]*"|\S+/g) ?? []
    const [prompt, program, ...more] = words.map(unquoted)
    assert.ok(prompt === '$' && program !== undefined, `${line} is no command`)
    return { words: [program, ...more], printed: pattern(printed) }
  })
