import assert from 'node:assert/strict'
import {
  chmod,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ReadOnlyError, writeFileAtomically } from './write-file.ts'

describe('writeFileAtomically', () => {
  let directory = ''
  let path = ''
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'banyan-write-'))
    path = join(directory, 'banyan.yaml')
  })
  afterEach(async () => {
    await chmod(directory, 0o755)
    await rm(directory, { recursive: true })
  })

  it('writes the parts one after the other', async () => {
    await writeFileAtomically(path, ['a: 1\n', Buffer.from('b: 2\n')])
    assert.equal(await readFile(path, 'utf8'), 'a: 1\nb: 2\n')
  })

  it('keeps the mode of the file and leaves nothing beside it', async () => {
    await writeFile(path, 'old')
    await chmod(path, 0o640)
    await writeFileAtomically(path, ['new'])
    assert.equal((await stat(path)).mode & 0o777, 0o640)
    assert.deepEqual(await readdir(directory), ['banyan.yaml'])
  })

  it('writes what a symbolic link points at, and keeps the link', async () => {
    await writeFile(join(directory, 'real.yaml'), 'old')
    await symlink('real.yaml', path)
    await writeFileAtomically(path, ['new'])
    assert.equal(await readlink(path), 'real.yaml')
    assert.equal(await readFile(join(directory, 'real.yaml'), 'utf8'), 'new')
  })

  it('says that the file cannot be written where it is read-only', async function () {
    await writeFile(path, 'old')
    await chmod(directory, 0o555)
    const isRoot = process.getuid?.() === 0
    if (isRoot && process.seteuid === undefined) this.skip() // nothing is read-only to root
    try {
      if (isRoot) process.seteuid?.(65_534)
      await assert.rejects(writeFileAtomically(path, ['new']), ReadOnlyError)
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
    assert.equal(await readFile(path, 'utf8'), 'old')
  })
})
