/** Runs in a worker thread of `createComparer`: what targets sent may take any time and memory to read. */
import { parentPort } from 'node:worker_threads'
import { confirm } from '../compare/confirm.ts'
import type { CompareTask, FromComparer } from './compare-task.ts'

const port = parentPort
if (port !== null) {
  const say = (message: FromComparer): void => port.postMessage(message)
  port.on('message', ({ sandwich, rules, noise, isChosen, today, sample }: CompareTask) => {
    const { route, primary } = sample
    const confirmation = confirm(sandwich, rules, { isChosen, primary, route, today, noise })
    say({ is: 'done', result: { confirmation, exemplar: null } })
  })
  say({ is: 'ready' })
}
