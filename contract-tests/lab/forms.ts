import type { DatabaseForm } from './database.ts'
import type { LegacyForm } from './legacy.ts'
import type { Probe } from './native.ts'

/** What runs how, and why not natively where it does not. */
export interface Forms {
  readonly database: DatabaseForm
  readonly php: LegacyForm
  readonly ruby: LegacyForm
  /** Sentences for people; empty when all of it is native. */
  readonly missing: readonly string[]
}

export interface Probes {
  readonly php: Probe
  readonly ruby: Probe
  readonly mariadb: Probe
}

/** Nothing native, on any machine. */
export const embeddedForms: Forms = {
  database: 'sqlite',
  php: 'embedded',
  ruby: 'embedded',
  missing: [],
}

/**
 * Native where the machine allows it. Both legacies share one database: native Ruby speaks to
 * MariaDB only and embedded Ruby to SQLite only, PHP speaks to both in either form. Pure.
 */
export const chooseForms = (probes: Probes): Forms => {
  const missing = Object.values(probes).flatMap((probe: Probe) =>
    probe.found ? [] : [probe.missing],
  )
  const mariadb = probes.mariadb.found && probes.ruby.found
  return {
    database: mariadb ? 'mariadb' : 'sqlite',
    php: probes.php.found ? 'native' : 'embedded',
    ruby: mariadb ? 'native' : 'embedded',
    missing,
  }
}

/** One line that names what runs: `PHP native, Ruby embedded (WebAssembly), SQLite`. */
export const describeForms = ({ database, php, ruby }: Forms): string => {
  const words = { native: 'native', embedded: 'embedded (WebAssembly)' }
  const store = database === 'mariadb' ? 'MariaDB' : 'SQLite'
  return `PHP ${words[php]}, Ruby ${words[ruby]}, ${store}`
}
