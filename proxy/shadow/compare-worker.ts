/** Runs in a worker thread of `createComparer`: what targets sent may take any time and memory to read. */
import { parentPort, workerData } from 'node:worker_threads'
import { rulesInForce } from '../compare/compare.ts'
import { type Confirmation, confirm, needsRepeat } from '../compare/confirm.ts'
import { recordingText } from '../recording/recording-text.ts'
import { redactRecorded } from '../recording/redact-recorded.ts'
import { stepBack } from '../targets/lanes/lane-priority.ts'
import type {
  CompareResult,
  CompareSetup,
  CompareTask,
  FromComparer,
  RecordResult,
  ToComparer,
} from './compare-task.ts'
import { createExemplarRation, type ExemplarRation, likenessOf } from './exemplar-ration.ts'
import type { Exemplar } from './finding.ts'
import { createRedact, type Redact } from './redact.ts'
import { inconclusive, tallyOf, type Verdict } from './tally.ts'
import { withWrites } from './writes/with-writes.ts'

const exemplarOf = (
  { sample, sandwich }: CompareTask,
  { outcome, reason, confirmed, comparison }: Verdict | Confirmation,
): Exemplar => {
  const { id, route, epoch, at, method, url, headers, body } = sample
  const { legacy, modern } = sandwich
  const request = { method, url, headers, body }
  return { id, route, epoch, at, request, outcome, reason, confirmed, comparison, legacy, modern }
}

/** What tasks are worked off with. */
interface Means {
  readonly redact: Redact
  readonly shows: ExemplarRation
}

/** An exchange that is only shown. */
const showEgress = (
  task: CompareTask,
  egress: NonNullable<CompareTask['egress']>,
  { redact, shows }: Means,
): CompareResult => {
  const verdict = inconclusive('egress')
  const exemplar: Exemplar = { ...exemplarOf(task, verdict), egress }
  return {
    tally: redact.tally(tallyOf(task.sample, verdict, task.sandwich), exemplar.request),
    exemplar: shows(likenessOf(exemplar, false)) ? redact.exemplar(exemplar) : null,
    needsRepeat: false,
    noise: null,
    writes: [],
  }
}

const compareTask = (task: CompareTask, { redact, shows }: Means): CompareResult => {
  const { sample, sandwich, rules, noise, isChosen, today, writes = [] } = task
  const { route, primary } = sample
  const answers = confirm(sandwich, rules, { isChosen, primary, route, today, noise })
  const held = writes.length === 0 ? [] : rulesInForce(rules, sandwich.legacy, { route, today })
  const { found, learned } = withWrites(answers, writes, held)
  const exemplar = exemplarOf(task, found)
  return {
    tally: redact.tally(tallyOf(sample, found, sandwich), exemplar.request),
    exemplar: shows(likenessOf(exemplar, task.isOpen === true)) ? redact.exemplar(exemplar) : null,
    needsRepeat: needsRepeat(answers.comparison),
    noise: sandwich.legacyAgain === null ? null : found.noise,
    writes: learned,
  }
}

const run = (asked: ToComparer, means: Means): CompareResult | RecordResult => {
  if (asked.is === 'record')
    return { text: recordingText(redactRecorded(asked.task, means.redact)) }
  const { egress } = asked.task
  return egress === undefined
    ? compareTask(asked.task, means)
    : showEgress(asked.task, egress, means)
}

const port = parentPort
if (port !== null) {
  stepBack()
  const means: Means = {
    redact: createRedact(workerData as CompareSetup),
    shows: createExemplarRation(() => performance.now()),
  }
  const say = (message: FromComparer): void => port.postMessage(message)
  port.on('message', (asked: ToComparer) => say({ is: 'done', result: run(asked, means) }))
  say({ is: 'ready' })
}
