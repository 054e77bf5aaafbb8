/** Where the caller key is found: `claim:sub`, `header:x-user-id`, `cookie:uid`. */
export interface CallerSource {
  readonly from: 'claim' | 'header' | 'cookie'
  /** Lower case for headers. */
  readonly name: string
}
