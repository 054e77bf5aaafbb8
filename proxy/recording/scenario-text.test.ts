import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { compare } from '../compare/compare.ts'
import { observed } from '../compare/observed.ts'
import { parseRules } from '../compare/rules.ts'
import type { Exemplar } from '../shadow/finding.ts'
import { saying, startOrigin } from '../shadow/shadow-lab.ts'
import { plainExemplar } from '../store/plain-records.ts'
import { scenarioText } from './scenario-text.ts'

const run = promisify(execFile)
const headers = ['Content-Type', 'application/json']

const exemplarOf = (legacy: string, modern: string, part: Partial<Exemplar> = {}): Exemplar => {
  const sides = {
    legacy: observed('legacy', { headers, body: legacy }),
    modern: observed('modern', { headers, body: modern }),
  }
  return plainExemplar({ ...sides, comparison: compare(sides.legacy, sides.modern), ...part })
}

const legacy = `{"views":9007199254740993,"items":[{"id":7,"price":1.5},{"id":8,"name":"it's \u202e"}],"tags":["a","b"]}`
const modern = `{"views":9007199254740992,"items":[{"id":7,"price":"1.5"},{"id":8,"name":"its"}],"tags":["b"]}`

/** Runs the text as mocha would, against an origin that says this. */
const holds = async (text: string, said: string): Promise<boolean> => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-scenario-'))
  const origin = await startOrigin(saying(said))
  const file = join(dir, 'recorded.mjs')
  const world = `globalThis.describe = (_, run) => run(); globalThis.it = (_, run) => void run()\n`
  writeFileSync(join(dir, 'world.mjs'), world)
  writeFileSync(file, text)
  try {
    const env = { ...process.env, ORIGIN: origin.url }
    await run(process.execPath, ['--import', `file://${dir}/world.mjs`, file], { env })
    return true
  } catch {
    return false
  } finally {
    origin.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

describe('an exchange as a test', function (this: Mocha.Suite) {
  this.timeout(30_000)

  it('passes on what legacy answered, and fails on what modern did', async () => {
    const text = scenarioText(exemplarOf(legacy, modern), 'mocha')
    assert.equal(await holds(text, legacy), true)
    assert.equal(await holds(text, modern), false)
  })

  it('fails for each difference alone', async () => {
    for (const [right, wrong] of [
      ['{"a":9007199254740993}', '{"a":9007199254740992}'],
      ['{"a":[{"id":1,"n":1},{"id":2}]}', '{"a":[{"id":1,"n":2},{"id":2}]}'],
      ['{"a":null}', '{}'],
      ['{"a":{}}', '{"a":[]}'],
      ['{"a":1}', '{"a":1,"b":2}'],
      ['{"a":9007199254740992}', '{"a":9007199254740993}'],
      ['{"a":1.10}', '{"a":1.1}'],
      ['{"a":1e400}', '{"a":1e401}'],
      ['{"a":[1e400,{"b":1}]}', '{"a":[1e401,{"b":1}]}'],
      ['{"a":{"n":9007199254740993,"m":1}}', '{}'],
      [
        '{"a":[{"id":9007199254740993,"n":1},{"id":9007199254740992,"n":2}]}',
        '{"a":[{"id":9007199254740993,"n":3},{"id":9007199254740992,"n":2}]}',
      ],
    ] as const) {
      const text = scenarioText(exemplarOf(right, wrong), 'mocha')
      assert.equal(await holds(text, right), true, text)
      assert.equal(await holds(text, wrong), false, text)
    }
  })

  it('writes no number that a double cannot hold, in an answer or in a request', () => {
    const said = '{"id":9007199254740993,"most":1e400,"price":1.10,"n":1}'
    const request = { method: 'POST', url: '/', headers, body: Buffer.from(said) }
    const plain = exemplarOf(said, said, { comparison: null, request })
    const text = scenarioText(plain, 'scenario')
    assert.match(text, /body: '\{"id":9007199254740993,"most":1e400,"price":1\.10,"n":1\}'/)
    assert.match(text, /"id"\\s\*:\\s\*9007199254740993/)
    assert.match(text, /assert\.deepEqual\(at\(json, 'n'\), 1\)/)
    assert.doesNotMatch(text, /9007199254740992|Infinity|\b1\.1\b/)
  })

  it('holds to what was compared, and not to what a rule or noise overlooks', async () => {
    const at = (n: number, price = 1) =>
      `{"at":${n},"items":[{"id":7,"seen":${n},"price":${price}}]}`
    const rules = parseRules(
      ['/at', '/items/*/seen'].map((ignore) => ({ ignore, why: 'a clock' })),
      'mine',
    ).rules
    const sides = {
      legacy: observed('legacy', { headers, body: at(1) }),
      modern: observed('modern', { headers, body: at(2) }),
    }
    const comparison = compare(sides.legacy, sides.modern, rules)
    const text = scenarioText(plainExemplar({ ...sides, comparison }), 'mocha')
    assert.equal(await holds(text, at(3)), true, text)
    assert.equal(await holds(text, at(1, 2)), false, text)
  })

  it('cannot be broken out of by what a client or a target sent', async () => {
    const url = `/'+process.exit(3)+'\`\${1}\u2028*/`
    const request = {
      method: 'GET',
      url: encodeURI(url),
      headers: [`X-'`, `');throw 1//`],
      body: null,
    }
    const hostile = exemplarOf('{"a":"\');throw 1//\\n\u2028"}', '{"a":1}', {
      request,
      route: `'*/`,
    })
    const text = scenarioText(hostile, 'mocha')
    assert.ok(!text.includes('\u2028'))
    assert.equal(
      await holds(
        scenarioText({ ...hostile, request: { ...request, headers: [] } }, 'mocha'),
        `{"a":"');throw 1//\\n\u2028"}`,
      ),
      true,
    )
    assert.match(scenarioText(hostile, 'scenario'), /route: '\\'\*\/'/)
  })

  it('leaves out what was redacted, and names what the request lacks', () => {
    const token = 'hmac:0123456789abcdef'
    const request = {
      method: 'POST',
      url: `/login?token=${token}`,
      headers: [...headers, 'Authorization', `Token ${token}`, 'Cookie', `sid=${token}`],
      body: Buffer.from(`{"password":"${token}"}`),
    }
    const exemplar = exemplarOf(`{"email":"${token}","n":1}`, '{"email":"x","n":2}', { request })
    const text = scenarioText(exemplar, 'scenario')
    assert.match(text, /as: 'jake'/)
    assert.match(text, /Was redacted.*the URL, the cookies, the body/)
    assert.match(text, /assert\.deepEqual\(at\(json, 'n'\), 1\)/)
    assert.doesNotMatch(text, /at\(json, 'email'\)/)
  })
})
