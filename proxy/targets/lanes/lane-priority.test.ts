import assert from 'node:assert/strict'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'

const lane = `
  const { readlinkSync } = require('node:fs')
  const { getPriority } = require('node:os')
  const { parentPort, workerData } = require('node:worker_threads')
  import(workerData).then(({ stepBack }) => {
    stepBack()
    parentPort.postMessage(getPriority(Number(readlinkSync('/proc/thread-self').split('/')[2])))
  })`

describe('a thread in the shadows', () => {
  it('has a lower priority than the one that serves clients', async function () {
    if (process.platform !== 'linux') this.skip()
    const before = getPriority()
    const workerData = new URL('./lane-priority.js', import.meta.url).href
    const [priority] = await once(new Worker(lane, { eval: true, workerData }), 'message')
    assert.equal(priority, Math.max(before, 10))
    assert.equal(getPriority(), before)
  })
})
