/** `banyan show`: one compared exchange. */
import { readExemplar } from '../store/stored-json.ts'
import { createAdminClient } from './admin-client.ts'
import { exemplarView, type ShownExemplar } from './exemplar-view.ts'
import { findAdmin } from './find-admin.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { answering, say } from './say.ts'
import { createPaint } from './text.ts'

/** Which exemplar is meant, and who has it. */
export interface AskedExemplar extends Common {
  readonly id: string
  /** Id of its route, where clients have named requests of several alike; null: the newest. */
  readonly route: string | null
  /** Origin of the admin port; null: what the config says. */
  readonly admin: string | null
}

export interface ShowOptions extends AskedExemplar {
  /** Whether lines that are alike are shown, too. */
  readonly whole: boolean
}

export interface FetchedExemplar {
  /** As the admin API writes it. */
  readonly json: unknown
  readonly exemplar: ShownExemplar
}

/** @throws CommandError where there is none, or no proxy to ask */
export const fetchExemplar = async (options: AskedExemplar, io: Io): Promise<FetchedExemplar> => {
  const client = createAdminClient(await findAdmin(options, io), io)
  const [id, route] = [options.id, options.route ?? ''].map(encodeURIComponent)
  const which = options.route === null ? id : `${id}?route=${route}`
  const json = await client.expect('GET', `/v1/exemplars/${which}`)
  return { json, exemplar: readExemplar(JSON.stringify(json)) as ShownExemplar }
}

/** Exits 1 where nothing of this id is kept. */
export const show = (options: ShowOptions, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const { json, exemplar } = await fetchExemplar(options, io)
    const { whole } = options
    const paint = createPaint(io.color)
    say(io, options, { json, text: exemplarView(exemplar, { width: io.width, whole, paint }) })
    return exit.fine
  })
