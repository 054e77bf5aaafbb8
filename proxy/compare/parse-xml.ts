/** XML 1.0 with namespaces; no entity is ever fetched or expanded. The one place that knows saxes. */
import { SaxesParser } from 'saxes'
import { deepestMarkup, type MarkupElement, type MarkupNode } from './markup.ts'

interface Open {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: MarkupNode[]
}

interface XmlTag {
  readonly local: string
  readonly uri: string
  readonly attributes: Readonly<
    Record<string, { readonly local: string; readonly uri: string; readonly value: string }>
  >
}

const declares = 'http://www.w3.org/2000/xmlns/'

const openOf = ({ local, uri, attributes }: XmlTag): Open => {
  const kept = Object.values(attributes)
    .filter((attribute) => attribute.uri !== declares)
    .map((attribute): [string, string] => [
      attribute.uri === '' ? attribute.local : `${attribute.local}@${attribute.uri}`,
      attribute.value,
    ])
  const namespace: [string, string][] = uri === '' ? [] : [['xmlns', uri]]
  return { name: local, attributes: new Map([...namespace, ...kept]), children: [] }
}

const isBlank = (node: MarkupNode): boolean => typeof node === 'string' && node.trim() === ''

/** White space between elements is layout; beside text it is text. */
const withoutLayout = (children: readonly MarkupNode[]): readonly MarkupNode[] => {
  const isMixed = children.some((node) => typeof node === 'string' && !isBlank(node))
  const hasElements = children.some((node) => typeof node === 'object')
  return isMixed || !hasElements ? children : children.filter((node) => !isBlank(node))
}

const closed = ({ name, attributes, children }: Open): MarkupElement => ({
  name,
  attributes,
  children: withoutLayout(children),
})

/** saxes looks namespaces up through all open elements: deep documents take quadratic time. */
class TooDeep extends Error {
  override readonly name = 'TooDeep'
}

/** Throws where the document is not well-formed: saxes does so while nobody listens for errors. */
const read = (text: string): readonly MarkupNode[] => {
  const root: Open = { name: '', attributes: new Map(), children: [] }
  const open = [root]
  const add = (node: MarkupNode): void => {
    const { children } = open.at(-1) ?? root
    const last = children.at(-1)
    // Text beside CDATA is one text: how it was escaped means nothing.
    if (typeof node === 'string' && typeof last === 'string') children.splice(-1, 1, last + node)
    else children.push(node)
  }
  const parser = new SaxesParser({ xmlns: true })
  parser.on('opentag', (tag) => {
    if (open.length > deepestMarkup) throw new TooDeep()
    open.push(openOf(tag))
  })
  parser.on('closetag', () => {
    const done = open.pop()
    if (done !== undefined) add(closed(done))
  })
  parser.on('text', add)
  parser.on('cdata', add)
  parser.write(text).close()
  return closed(root).children
}

/** A document as its elements; null: it is not well-formed, or nested too deep to be walked. */
export const parseXml = (text: string): readonly MarkupNode[] | null => {
  try {
    return read(text)
  } catch {
    return null
  }
}
