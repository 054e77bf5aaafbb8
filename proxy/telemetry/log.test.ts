import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, type LogOptions, type ProcessLog } from './log.ts'

describe('log', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'banyan-log-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const written = async (
    options: Partial<LogOptions>,
    use: (log: ProcessLog) => void,
  ): Promise<string[]> => {
    const path = join(folder, 'log')
    const fd = openSync(path, 'w')
    const log = createLog({ level: 'info', fd, ...options })
    use(log)
    await log.close()
    closeSync(fd)
    return readFileSync(path, 'utf8').split('\n').slice(0, -1)
  }

  it('writes one JSON object a line: time, level, event, fields', async () => {
    const [line = ''] = await written({}, (log) => log.warn('upstream_gone', { upstream: 'php' }))
    const { time, ...rest } = JSON.parse(line)
    assert.deepEqual(rest, { level: 'warn', event: 'upstream_gone', upstream: 'php' })
    assert.equal(new Date(time).toISOString(), time)
  })

  it('leaves out what is below its level, which can change while it runs', async () => {
    const lines = await written({ level: 'warn' }, (log) => {
      log.info('quiet')
      log.setLevel('debug')
      log.debug('loud')
    })
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).event),
      ['loud'],
    )
  })

  it('keeps an error with its type, message and stack', async () => {
    const [line = ''] = await written({}, (log) =>
      log.error('failed', { err: new TypeError('no') }),
    )
    const { err } = JSON.parse(line)
    assert.deepEqual([err.type, err.message], ['TypeError', 'no'])
    assert.match(err.stack, /log\.test/)
  })

  it('lets no control character through, and loses none either', async () => {
    const hostile = 'a\r\n{"level":"error"}\u001b[2J\u0007\u007f\u009b31m\u2028\u202eb'
    const [line = '', ...others] = await written({}, (log) =>
      log.info('request', { path: hostile }),
    )
    assert.deepEqual(others, [])
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    assert.equal(JSON.parse(line).path, hostile)
  })

  it('writes a line for people on a terminal, hostile values still escaped', async () => {
    const [line] = await written({ pretty: true }, (log) =>
      log.info('request', { route: 'a', status: 200, gone: null, path: '/a b\u001b[31m' }),
    )
    assert.match(
      line ?? '',
      /^\d\d:\d\d:\d\d\.\d{3} info {2}request route=a status=200 path="\/a b\\u001b\[31m"$/,
    )
  })

  it('does not throw at a field that cannot be rendered', async () => {
    const lines = await written({}, (log) => {
      log.info('odd', {
        get broken() {
          throw new Error('getter')
        },
      })
      const round: Record<string, unknown> = {}
      round.self = round
      log.info('round', { round })
      log.info('big', { n: 10n })
    })
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).event),
      ['odd', 'round', 'big'],
    )
  })

  it('loses nothing when the process ends at once', () => {
    const url = JSON.stringify(new URL('./log.js', import.meta.url).href)
    const code = `
      import { createLog } from ${url}
      const log = createLog({ level: 'info' })
      for (let n = 0; n < 3000; n += 1) log.info('line', { n })
      setImmediate(() => { log.info('last'); process.exit(0) })`
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code])
    const events = stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).event)
    assert.equal(events.length, 3_001)
  })
})
