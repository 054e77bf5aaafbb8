import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Probe, probePhp, probeRuby } from './native.ts'

const probes = { php: probePhp, ruby: probeRuby } as const

describe('probes of native parts', () => {
  const path = process.env.PATH
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'banyan-probe-'))
  })
  afterEach(() => {
    process.env.PATH = path
    rmSync(dir, { recursive: true })
  })

  /** A program of this name that prints this and nothing else. */
  const pretend = (name: string, script: string): void => {
    const file = join(dir, name)
    writeFileSync(file, `#!/bin/sh\n${script}\n`)
    chmodSync(file, 0o755)
    process.env.PATH = dir
  }

  for (const part of ['php', 'ruby'] as const) {
    it(`finds ${part} or says in a sentence why not`, async () => {
      const probe: Probe = await probes[part]()
      assert.match(probe.found ? probe.version : probe.missing, probe.found ? /^\d+\.\d+/ : /\w/)
    })

    it(`says that ${part} is not installed`, async () => {
      process.env.PATH = dir
      assert.deepEqual(await probes[part](), { found: false, missing: `${part} is not installed` })
    })
  }

  for (const [name, script, missing] of [
    ['php', 'echo "7.2.1 "', 'php 7.2.1 is older than 7.4'],
    ['php', 'echo "8.2.1 pdo_mysql,mbstring"', 'php 8.2.1 lacks pdo_mysql, mbstring'],
    ['php', 'echo "broken php.ini" >&2; exit 254', 'php does not run: broken php.ini'],
    ['ruby', 'echo "2.7.0 "', 'ruby 2.7.0 is older than 3.1'],
    ['ruby', 'echo "3.2.0 mysql2, openssl"', 'ruby 3.2.0 lacks mysql2, openssl'],
    ['ruby', 'echo "3.2.0 "', 'puma is not installed'],
  ] as const) {
    it(`says "${missing}"`, async () => {
      pretend(name, script)
      assert.deepEqual(await probes[name](), { found: false, missing })
    })
  }
})
