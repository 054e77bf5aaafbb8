/** `banyan schema`: what a config file may say, for editors. */
import { mainFile } from '../config/keys.ts'
import { jsonSchemaOf } from '../config/schema.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { printableJson } from './text.ts'

/** Prints JSON Schema (draft 2020-12), whatever `--json` says. */
export const schema = async (_: Common, io: Pick<Io, 'out'>): Promise<Exit> => {
  io.out(printableJson(jsonSchemaOf(mainFile)))
  return exit.fine
}
