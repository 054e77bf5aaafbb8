/** What one statement does. */
import type { Span } from './sql-cursor.ts'
import type { SqlToken } from './sql-tokens.ts'

export interface Assignment {
  readonly column: string
  readonly value: Span
}

export interface Insert {
  readonly is: 'insert'
  readonly verb: 'insert' | 'replace'
  readonly isIgnore: boolean
  readonly table: string
  /** Null: all of them, in the order of the table. */
  readonly columns: readonly string[] | null
  readonly rows: readonly (readonly Span[])[]
  readonly onDuplicate: readonly Assignment[]
}

export interface Change {
  readonly is: 'update' | 'delete'
  readonly isIgnore: boolean
  readonly table: string
  readonly sets: readonly Assignment[]
  /** `WHERE …`, `ORDER BY …`, `LIMIT …`, all that there is of them. */
  readonly rest: Span
}

export type Statement =
  | { readonly is: 'select'; readonly tokens: readonly SqlToken[]; readonly to: number }
  | { readonly is: 'show' }
  | Insert
  | Change
  | { readonly is: 'begin' }
  | { readonly is: 'commit' }
  | { readonly is: 'rollback' }
  | { readonly is: 'savepoint' | 'rollbackTo' | 'release'; readonly name: string }
  /** Changes nothing but this connection. */
  | { readonly is: 'setting' }
  /** Means nothing where nothing is written. */
  | { readonly is: 'ignored' }
  | { readonly is: 'refused'; readonly why: string }
