import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { isWord, shellWord } from './shell-words.ts'

/** What a shell makes of a word. */
const read = (word: string): Buffer => execFileSync('sh', ['-c', `printf %s ${word}`])

const hostile: readonly string[] = [
  '',
  'plain',
  "it's",
  '$(touch /tmp/owned) `id` $HOME "x" \\ ! * ~ ; & | > < #',
  "'; rm -rf / #",
  'two\nlines\n',
  '\u001b[2J\u0007\u009b31m',
  '\r\n\t',
  'é\u00ff\u0080',
  '%s %d \\012 -n',
  '-n',
]

describe('shellWord', () => {
  for (const text of hostile) {
    it(`is read by a shell as what it was: ${JSON.stringify(text)}`, () => {
      const bytes = Buffer.from(text, 'latin1')
      const word = shellWord(bytes)
      assert.deepEqual(read(word), bytes)
      assert.match(word, /^[\n\x20-\x7e]*$/)
    })
  }

  it('is read right whatever byte it holds', () => {
    const all = Buffer.from(Array.from({ length: 255 }, (_, at) => at + 1))
    assert.deepEqual(read(shellWord(all)), all)
  })

  it('cannot hold a NUL, nor very much', () => {
    assert.deepEqual([Buffer.from('a'), Buffer.from([0]), Buffer.alloc(20_000, 97)].map(isWord), [
      true,
      false,
      false,
    ])
  })
})
