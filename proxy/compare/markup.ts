/** A document of elements and text, HTML's or XML's: what is left of it once it is parsed. Pure. */

export interface MarkupElement {
  /** In lower case in HTML; without a prefix in XML. */
  readonly name: string
  /** Their order means nothing. In XML, `xmlns` is the namespace, whatever prefix stood for it. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly MarkupNode[]
}

/** Text: characters, references resolved. */
export type MarkupNode = MarkupElement | string

export const isElement = (node: MarkupNode | undefined): node is MarkupElement =>
  typeof node === 'object'

/** Beyond this many levels a document is compared as text. */
export const deepestMarkup = 512

const sortedAttributes = ({ attributes }: MarkupElement): string =>
  JSON.stringify([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)))

/** One text for one content; each element is written once, however often it is asked for. */
export const createMarkupText = (): ((node: MarkupNode) => string) => {
  const known = new Map<MarkupElement, string>()
  const write = (node: MarkupNode): string => {
    if (!isElement(node)) return JSON.stringify(node)
    const written = known.get(node)
    if (written !== undefined) return written
    const inner = node.children.map(write).join('')
    const text = `<${node.name}${sortedAttributes(node)}>${inner}</>`
    known.set(node, text)
    return text
  }
  return write
}
