/** The last words of a process, fit for a terminal. */
export interface LogTail {
  add(chunk: Uint8Array): void
  text(): string
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/** @param limit characters kept */
export const createLogTail = (limit: number = 64 * 1024): LogTail => {
  const decoder = new TextDecoder()
  let kept = ''
  return {
    add(chunk) {
      kept = (kept + decoder.decode(chunk, { stream: true })).slice(-limit)
    },
    text: () => kept.replaceAll('\r\n', '\n').replace(unprintable, '\ufffd'),
  }
}
