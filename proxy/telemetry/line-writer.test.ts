import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLineWriter } from './line-writer.ts'

const limitBytes = 1024 * 1024

describe('line writer', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'banyan-lines-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const open = (name: string) => {
    const path = join(folder, name)
    const fd = openSync(path, 'w')
    return { fd, read: () => readFileSync(path, 'utf8'), close: () => closeSync(fd) }
  }

  it('writes lines in order, more of them than one batch holds', async () => {
    const file = open('order')
    const writer = createLineWriter({ fd: file.fd, limitBytes })
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${'é'.repeat(20)}\n`)
    for (const line of lines) writer.write(line)
    await writer.flush()
    file.close()
    assert.equal(file.read(), lines.join(''))
    assert.equal(writer.lost(), 0)
  })

  it('resolves a flush at once when nothing waits', async () => {
    await createLineWriter({ fd: 1, limitBytes }).flush()
  })

  it('writes what waits at once when the process ends', () => {
    const file = open('exit')
    const writer = createLineWriter({ fd: file.fd, limitBytes })
    writer.write('first\n')
    writer.write('last\n')
    writer.flushSync()
    file.close()
    assert.equal(file.read(), 'first\nlast\n')
  })

  it('drops and counts what exceeds its limit', async () => {
    const file = open('limit')
    const writer = createLineWriter({ fd: file.fd, limitBytes: 20 })
    for (const line of ['0123456789\n', 'abcdefgh\n', 'too much\n']) writer.write(line)
    await writer.flush()
    file.close()
    assert.equal(file.read(), '0123456789\nabcdefgh\n')
    assert.equal(writer.lost(), 1)
  })

  it('goes on after a full disk, and does not hang at exit', async function () {
    if (!existsSync('/dev/full')) return this.skip()
    const fd = openSync('/dev/full', 'w')
    const writer = createLineWriter({ fd, limitBytes })
    writer.write('lost\n')
    await writer.flush()
    assert.equal(writer.lost(), 1)
    writer.write('lost as well\n')
    writer.flushSync()
    assert.equal(writer.lost(), 2)
    closeSync(fd)
  })

  it('counts everything as lost once the reader of a pipe is gone', async () => {
    const code = `
      import { createLineWriter } from ${JSON.stringify(new URL('./line-writer.js', import.meta.url).href)}
      process.stdin.once('data', async () => {
        const writer = createLineWriter({ fd: 1, limitBytes: 1000 })
        for (const line of ['a', 'b', 'c']) { writer.write(line); await writer.flush() }
        process.stderr.write(String(writer.lost()))
        process.exit(0)
      })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'pipe' })
    const errors: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    child.stdout.destroy()
    await once(child.stdout, 'close')
    child.stdin.write('go')
    const [exitCode] = await once(child, 'close')
    assert.deepEqual([Buffer.concat(errors).toString(), exitCode], ['3', 0])
  })
})
