import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { request as send } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { type Listener, type ShadowLab, saying, startShadowLab } from './shadow-lab.ts'

const fine = saying('{"a":1}')
const hanging: Listener = () => {}
const dying: Listener = (asked) => asked.socket.destroy()
/** Reads nothing of what it is sent. */
const deaf: Listener = (asked) => asked.pause()

/** Says when the first piece of an upload is there, and answers with how long all of it was. */
const listening = (): { readonly listener: Listener; readonly first: Promise<void> } => {
  let hear = (): void => {}
  const first = new Promise<void>((resolve) => {
    hear = resolve
  })
  const listener: Listener = (asked, answer) => {
    let length = 0
    asked.on('data', (chunk: Buffer) => {
      length += chunk.length
      hear()
    })
    asked.on('end', () => answer.end(String(length)))
  }
  return { listener, first }
}

/** All that a server says to one request on a connection of its own, byte for byte. */
const rawAnswer = async (port: number): Promise<Buffer> => {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write('GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n')
  await once(socket, 'close')
  return Buffer.concat(chunks)
}

describe('what multicasters get wrong', () => {
  let lab: ShadowLab
  afterEach(() => lab.close())

  it('Diffy and Scientist let the client wait for whom they compare with; ours has its answer', async () => {
    lab = await startShadowLab({ legacy: fine, modern: hanging })
    const { status, body } = await lab.ask()
    assert.deepEqual([status, body.toString()], [200, '{"a":1}'])
  })

  it('Scientist and Traefik know no deadline; ours counts what did not answer in time', async () => {
    lab = await startShadowLab({ legacy: fine, modern: hanging })
    await lab.ask()
    assert.equal((await lab.outcomes(1))[0]?.tally.outcome, 'shadow_timeout')
  }).timeout(20_000)

  it('Diffy leaves out a shadow that failed; ours counts every one', async () => {
    lab = await startShadowLab({ legacy: fine, modern: dying })
    for (let at = 0; at < 3; at++) await lab.ask({ path: `/${at}` })
    const outcomes = (await lab.outcomes(3)).map(({ tally }) => tally.outcome)
    assert.deepEqual(outcomes, ['shadow_error', 'shadow_error', 'shadow_error'])
  })

  it('opendiffy answers a POST with nothing; ours hands on what legacy says, and asks no shadow', async () => {
    const route = { effects: 'write' } as const
    lab = await startShadowLab({ legacy: saying('{"id":7}', {}, 201), modern: fine, route })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { status, body } = await lab.ask({ method: 'POST', headers, body: 'a=1&b=%' })
    assert.deepEqual([status, body.toString()], [201, '{"id":7}'])
    await lab.proxy.drain()
    assert.equal(lab.modern.asked.length, 0)
  })

  for (const [type, body] of [
    ['application/x-www-form-urlencoded', 'a=1&b=%&b=é'],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
    ['application/octet-stream', Buffer.from([0, 0xff, 0xfe, 10])],
  ] as const)
    it(`opendiffy throws at an upload of ${type}; ours asks both the same`, async () => {
      const got: Buffer[] = []
      const echo: Listener = (asked, answer) => {
        const chunks: Buffer[] = []
        asked.on('data', (chunk: Buffer) => chunks.push(chunk))
        asked.on('end', () => {
          got.push(Buffer.concat(chunks))
          answer.end(String(got[0]?.length))
        })
      }
      lab = await startShadowLab({ legacy: echo, modern: echo })
      await lab.ask({ method: 'POST', headers: { 'content-type': type }, body })
      assert.equal((await lab.outcomes(1))[0]?.tally.outcome, 'identical')
      assert.deepEqual(got, [Buffer.from(body), Buffer.from(body)])
    })

  it('opendiffy splits dates and cookies at commas and spoils bytes on their way; ours touches none', async () => {
    const body = gzipSync(Buffer.from([0, 0xff, 0xfe, 0x80, 10]))
    const lines = [
      'dAtE: Fri, 02 Jan 2026 03:04:05 GMT',
      'Expires: Thu, 19 Nov 1981 08:52:00 GMT',
      'Set-Cookie: a=1; Expires=Fri, 02 Jan 2026 03:04:05 GMT',
      'Set-Cookie: a=1; Expires=Fri, 02 Jan 2026 03:04:05 GMT',
      'X-List: b, a',
      'X-Empty: ',
      'Content-Encoding: gzip',
      'Content-Type: image/png',
    ]
    const head = `HTTP/1.1 203 Fine\r\n${lines.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n`
    const raw: Listener = (asked) => asked.socket.write(Buffer.concat([Buffer.from(head), body]))
    lab = await startShadowLab({ legacy: raw, modern: raw })
    const answer = await rawAnswer(lab.port)
    const end = answer.indexOf('\r\n\r\n')
    const got = answer.subarray(0, end).toString('latin1').split('\r\n')
    assert.deepEqual(
      got.filter((line) => lines.includes(line)),
      lines,
    )
    assert.deepEqual(answer.subarray(end + 4), body)
    assert.equal((await lab.outcomes(1))[0]?.tally.outcome, 'identical')
  })

  it('Traefik reads an upload whole before it sends any of it; ours sends what is there', async () => {
    const { listener, first } = listening()
    lab = await startShadowLab({ legacy: listener, modern: deaf })
    const asked = send({ host: '127.0.0.1', port: lab.port, method: 'POST', agent: false })
    const answered = once(asked, 'response')
    asked.write('one')
    await first
    asked.end('two')
    const [answer] = await answered
    let text = ''
    for await (const chunk of answer) text += chunk
    assert.equal(text, '6')
  })

  it('Skipper and Envoy read an upload as slowly as their shadow does; ours as fast as legacy', async () => {
    const { listener } = listening()
    const shadow = { bodyLimitBytes: 4_000_000, memoryBytes: 8_000_000 }
    lab = await startShadowLab({ legacy: listener, modern: deaf, shadow })
    const { body } = await lab.ask({ method: 'POST', body: Buffer.alloc(3_000_000, 'x') })
    assert.equal(body.toString(), '3000000')
  })

  it('GoReplay spoils bodies of more than 200 KB; ours compares all 250 000 bytes', async () => {
    const long = (last: string) => saying(`["${'é'.repeat(125_000)}${last}"]`)
    lab = await startShadowLab({ legacy: long('a'), modern: long('b') })
    const { body } = await lab.ask()
    assert.equal(body.length, 250_005)
    const [told] = await lab.outcomes(1)
    assert.deepEqual([told?.tally.outcome, told?.tally.confirmed], ['mismatch', true])
  })

  it('Diffy takes every id for a resource of its own; ours counts them under their route', async () => {
    lab = await startShadowLab({ legacy: fine, modern: fine })
    for (const id of [1, 2, 3]) await lab.ask({ path: `/articles/${id}` })
    const tallies = (await lab.outcomes(3)).map(({ tally }) => `${tally.route} ${tally.shape}`)
    assert.equal(new Set(tallies).size, 1)
  })

  it('Istio cannot tell shadows from clients in what it measures; ours counts clients alone', async () => {
    lab = await startShadowLab({ legacy: fine, modern: fine })
    for (let at = 0; at < 3; at++) await lab.ask()
    await lab.outcomes(3)
    const page = await (await fetch(`${lab.adminUrl}/metrics`)).text()
    const sum = (name: string): number =>
      [...page.matchAll(new RegExp(`^banyan_${name}\\{.*\\} (\\d+)$`, 'gm'))]
        .map(([, count]) => Number(count))
        .reduce((all, count) => all + count, 0)
    assert.deepEqual([sum('requests_total'), sum('comparisons_total')], [3, 3])
    const marks = lab.modern.asked.map(({ headers }) => headers['x-banyan-shadow'])
    assert.deepEqual(marks, ['1', '1', '1'])
  })

  it('nginx, Envoy and Traefik throw the answer away; ours shows both values', async () => {
    lab = await startShadowLab({ legacy: saying('{"a":1}'), modern: saying('{"a":2}') })
    await lab.ask()
    const [told] = await lab.outcomes(1)
    const [place] = told?.exemplar?.comparison?.differences ?? []
    assert.deepEqual([place?.path, place?.legacy, place?.modern], ['/a', '1', '2'])
  })
})
