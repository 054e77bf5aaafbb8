import assert from 'node:assert/strict'
import {
  chmod,
  mkdir,
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
import { EditError } from './edit.ts'
import { editFile } from './edit-file.ts'
import { ReadOnlyError } from './write-file.ts'

describe('editFile', () => {
  let directory = ''
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'banyan-edit-'))
  })
  afterEach(async () => {
    await chmod(directory, 0o755)
    await rm(directory, { recursive: true })
  })

  it('finds the route in an included file and leaves the others alone', async () => {
    const path = join(directory, 'banyan.yaml')
    await mkdir(join(directory, 'routes'))
    await writeFile(path, 'include: [routes/*.yaml]\nroutes: { b: { match: /b } }\n')
    await writeFile(join(directory, 'routes', 'a.yaml'), 'routes:\n  a: { match: /a } # mine\n')
    const edit = await editFile(path, 'a', { stage: 'shadow' })
    assert.equal(edit.file, join(directory, 'routes/a.yaml'))
    assert.equal(edit.line, 2)
    assert.equal(
      await readFile(join(directory, 'routes', 'a.yaml'), 'utf8'),
      'routes:\n  a: { match: /a, stage: shadow } # mine\n',
    )
    await assert.rejects(editFile(path, 'c', { stage: 'shadow' }), EditError)
  })

  it('keeps the mode of the file and leaves nothing beside it', async () => {
    const path = join(directory, 'banyan.yaml')
    await writeFile(path, 'routes: { a: { stage: legacy } }')
    await chmod(path, 0o640)
    await editFile(path, 'a', { stage: 'modern' })
    assert.equal((await stat(path)).mode & 0o777, 0o640)
    assert.deepEqual(await readdir(directory), ['banyan.yaml'])
  })

  it('writes what a symbolic link points at, and keeps the link', async () => {
    const path = join(directory, 'banyan.yaml')
    await writeFile(join(directory, 'real.yaml'), 'routes: { a: { stage: legacy } }')
    await symlink('real.yaml', path)
    await editFile(path, 'a', { stage: 'modern' })
    assert.equal(await readlink(path), 'real.yaml')
    assert.match(await readFile(join(directory, 'real.yaml'), 'utf8'), /stage: modern/)
  })

  it('says that the file cannot be written where it is read-only', async function () {
    const path = join(directory, 'banyan.yaml')
    await writeFile(path, 'routes: { a: { stage: legacy } }')
    await chmod(directory, 0o555)
    const isRoot = process.getuid?.() === 0
    if (isRoot && process.seteuid === undefined) this.skip() // nothing is read-only to root
    try {
      if (isRoot) process.seteuid?.(65_534)
      await assert.rejects(editFile(path, 'a', { stage: 'modern' }), ReadOnlyError)
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
    assert.equal(await readFile(path, 'utf8'), 'routes: { a: { stage: legacy } }')
  })
})
