import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { commands } from './catalogue.ts'
import { run } from './command-lab.ts'
import { completion } from './completion.ts'

const scriptOf = async (shell: string): Promise<string> =>
  (await run((io) => completion({ shell, json: false }, io))).out

const hasBash = spawnSync('bash', ['--version']).status === 0

describe('completion', () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    it(`knows every command and option in ${shell}`, async () => {
      const script = await scriptOf(shell)
      for (const { name, options } of commands) {
        assert.ok(script.includes(name), name)
        for (const { flags } of options) {
          const long = /--(\w+)/.exec(flags)?.[1] ?? ''
          assert.ok(script.includes(long), `${name} ${long}`)
        }
      }
    })
  }

  it('prints the script as one JSON value with --json', async () => {
    const { out } = await run((io) => completion({ shell: 'fish', json: true }, io))
    assert.deepEqual(JSON.parse(out), { shell: 'fish', script: await scriptOf('fish') })
  })

  it('exits 2 on a shell that it does not know', async () => {
    const { code, err } = await run((io) => completion({ shell: 'bsh', json: false }, io))
    assert.equal(code, 2)
    assert.match(err, /did you mean "bash"/)
  })

  describe('in bash', () => {
    before(function () {
      if (!hasBash) this.skip()
    })
    const completed = async (...words: readonly string[]): Promise<string> => {
      const typed = ['banyan', ...words].map((word) => `'${word}'`).join(' ')
      const script = `banyan() { printf 'articles.list\\narticles.get\\n'; }
${await scriptOf('bash')}
COMP_WORDS=(${typed}) COMP_CWORD=${words.length}; _banyan; echo "\${COMPREPLY[@]}"`
      // Without these, a bash whose input is a socket takes itself for a remote shell and reads ~/.bashrc.
      const { stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile', '-c', script], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      assert.equal(stderr, '')
      return stdout.trim()
    }
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['fl'], 'flip'],
      [['flip', 'articles.l'], 'articles.list'],
      [['flip', 'articles.list', 'can'], 'canary'],
      [['flip', '--we'], '--weight'],
      [['token', 'mint', '--target', 'mo'], 'modern'],
      [['kill', 'al'], 'all'],
      [['completion', 'z'], 'zsh'],
    ]
    for (const [words, expected] of cases) {
      it(`completes ${words.join(' ')}`, async () => {
        assert.equal(await completed(...words), expected)
      })
    }
  })
})
