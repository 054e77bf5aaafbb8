/** What a command is, as the catalogue describes it. */

export interface Argument {
  /** Read as an option of the same name by the command. */
  readonly name: string
  readonly about: string
  readonly required: boolean
  /** What a shell offers; `routes`: the ids of the config, `files`: names of files. Others are allowed too. */
  readonly offers: readonly string[] | 'routes' | 'files'
}

export interface Option {
  /** `-k, --key <key>`; without a value in brackets it is true or absent. */
  readonly flags: string
  readonly about: string
  readonly default?: string
  /** May be given more than once. */
  readonly repeats?: boolean
  readonly offers?: readonly string[]
}

export interface Example {
  readonly line: string
  readonly says: string
}

export interface Command {
  readonly name: string
  readonly summary: string
  readonly args: readonly Argument[]
  readonly options: readonly Option[]
  readonly examples: readonly Example[]
}
