/** `${NAME}` and `${NAME:-default}` in the values of a config. Pure. */
import { type Fault, fault, isFault } from './diagnostics.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Substitution {
  readonly text: string
  /** What is wrong, and the reference as written. */
  readonly faults: readonly { readonly fault: Fault; readonly reference: string }[]
}

const references = /\$\$\{|\$\{([^}]*)\}?/g

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how the user writes it
const forms = 'write ${NAME}, ${NAME:-default}, or $${ for the characters themselves'

/** `:-` also stands in for a variable that is set and empty, as in a shell. */
const lookUp = (inside: string, env: Environment): string | Fault => {
  const [, name, otherwise] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside) ?? []
  if (name === undefined) return fault('badText', 'this is no reference to a variable', forms)
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (value !== undefined && (value !== '' || otherwise === undefined)) return value
  if (otherwise !== undefined) return otherwise
  const hint = `set it, or give a default: \${${name}:-…}`
  return fault('missingVariable', `the environment variable ${name} is not set`, hint)
}

/** Fills in every reference; `$${` becomes a plain `${`. */
export const substitute = (given: string, env: Environment): Substitution => {
  const faults: { fault: Fault; reference: string }[] = []
  const text = given.replace(references, (reference: string, inside?: string) => {
    if (inside === undefined) return '${'
    const value = lookUp(reference.endsWith('}') ? inside : '', env)
    if (!isFault(value)) return value
    faults.push({ fault: value, reference })
    return ''
  })
  return { text, faults }
}
