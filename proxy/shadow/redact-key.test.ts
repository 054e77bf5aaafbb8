import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRedactKey } from './redact-key.ts'

describe('the key of tokens', () => {
  let dir = ''
  const warned: string[] = []
  const log = { warn: (event: string) => void warned.push(event) }
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'banyan-key-'))
    warned.length = 0
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('is made once, for its owner alone, and stays the same', () => {
    const file = join(dir, 'var', 'redact.key')
    const key = openRedactKey(file, log)
    assert.equal(key.length, 32)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual([...openRedactKey(file, log)], [...key])
    assert.deepEqual(warned, [])
  })

  it('is one of this process alone where the file is something else, which stays untouched', () => {
    const file = join(dir, 'redact.key')
    writeFileSync(file, 'short')
    assert.equal(openRedactKey(file, log).length, 32)
    assert.equal(readFileSync(file, 'utf8'), 'short')
    assert.deepEqual(warned, ['redact_key_not_kept'])
  })
})
