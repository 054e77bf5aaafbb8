/** `banyan render`: the config as Banyan reads it, as a file that says everything. */

import { redactConfig } from '../admin/redact.ts'
import type { Config } from '../config/config.ts'
import { toYaml } from '../config/yaml.ts'
import { escapeRisky } from '../telemetry/log-line.ts'
import { type Common, type Exit, exit, type Io } from './io.ts'
import { readConfig } from './read-config.ts'
import { answering, say } from './say.ts'
import { writtenForm } from './written-form.ts'

/** YAML, or with `--json` JSON of the same shape. Passwords in URLs are taken out. */
export const render = (options: Common, io: Io): Promise<Exit> =>
  answering(options, io, async () => {
    const config = await readConfig(options, io)
    const json = writtenForm(redactConfig(config) as Config)
    const yaml = escapeRisky(toYaml(json))
    say(io, options, { json, text: `# revision ${config.revision}\n${yaml}` })
    return exit.fine
  })
