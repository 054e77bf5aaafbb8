/** What the lab has to know of MariaDB and of MySQL. */

/** What is one maker's own. All of it understands the rest. */
export interface SqlMaker {
  readonly name: 'mariadb' | 'mysql'
  /** The command that starts it; null when there is none. */
  find(): Promise<string | null>
  /** Makes `data` in the directory `home`. */
  install(server: string, home: string, temporary: string): Promise<void>
  /** The statement that makes an account, whether it is there or not. */
  readonly createUser: string
  /** What `conduit` may do with the server. */
  readonly privileges: string
  readonly args: readonly string[]
}

/** Servers refuse to run as root unless told so. */
export const asWhom = (): readonly string[] => (process.getuid?.() === 0 ? ['--user=root'] : [])
