/** Listens to server-sent events, as a browser's EventSource does but for coming back. */

export interface EventSource {
  readonly status: number
  readonly headers: Headers
  /** The data of the next event of this type; others before it are dropped. Rejects at the end. */
  next(type: string): Promise<Readonly<Record<string, unknown>>>
  close(): Promise<void>
}

const read = (block: string): readonly [type: string, data: string] => {
  const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? [])
  const of = (name: string): string => fields.find(([, key]) => key === name)?.[2] ?? ''
  return [of('event'), of('data')]
}

export const listen = async (
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventSource> => {
  const answer = await fetch(url, { headers: { ...headers, accept: 'text/event-stream' } })
  const chunks = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (chunks === undefined) throw new TypeError(`${url} answers without a body`)
  let text = ''
  return {
    status: answer.status,
    headers: answer.headers,
    async next(type) {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end < 0) {
          const { done, value } = await chunks.read()
          if (done) throw new Error('the stream has ended')
          text += value
          continue
        }
        const [found, data] = read(text.slice(0, end))
        text = text.slice(end + 2)
        if (found === type) return JSON.parse(data) as Record<string, unknown>
      }
    },
    close: () => chunks.cancel(),
  }
}
