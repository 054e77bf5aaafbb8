/** HTML as browsers read it (WHATWG HTML §13.2). The one place that knows parse5. */
import { type DefaultTreeAdapterMap, defaultTreeAdapter, parse, type TreeAdapter } from 'parse5'
import { deepestMarkup, type MarkupElement, type MarkupNode } from './markup.ts'

/** What of parse5's nodes is read here. */
interface HtmlNode {
  readonly nodeName: string
  readonly value?: string
  readonly attrs?: readonly { readonly name: string; readonly value: string }[]
  readonly childNodes?: readonly HtmlNode[]
  /** Of a `template`. */
  readonly content?: HtmlNode
}

/** Elements in which every space counts. */
const verbatim: ReadonlySet<string> = new Set(['pre', 'textarea', 'script', 'style'])

class TooDeep extends Error {
  override readonly name = 'TooDeep'
}

/** Stops a page at its depth: parse5 takes quadratic time on deep ones. */
const createShallowAdapter = (): TreeAdapter<DefaultTreeAdapterMap> => {
  let depth = 0
  return {
    ...defaultTreeAdapter,
    onItemPush() {
      depth++
      if (depth > deepestMarkup) throw new TooDeep()
    },
    onItemPop() {
      depth--
    },
  }
}

const childrenOf = ({ content, childNodes }: HtmlNode): readonly HtmlNode[] =>
  content?.childNodes ?? childNodes ?? []

const attributeOf = (name: string, value: string): [string, string] => {
  const isSet = name === 'class' || name === 'rel'
  return [name, isSet ? [...new Set(value.split(/\s+/))].sort().join(' ').trim() : value]
}

const elementOf = (node: HtmlNode, keepsSpace: boolean): MarkupElement => ({
  name: node.nodeName,
  attributes: new Map((node.attrs ?? []).map(({ name, value }) => attributeOf(name, value))),
  children: nodesOf(childrenOf(node), keepsSpace || verbatim.has(node.nodeName)),
})

const nodesOf = (nodes: readonly HtmlNode[], keepsSpace: boolean): MarkupNode[] =>
  nodes.flatMap((node): MarkupNode[] => {
    if (node.nodeName === '#text') {
      const text = node.value ?? ''
      const kept = keepsSpace ? text : text.replace(/[ \t\n\f\r]+/g, ' ').trim()
      return kept === '' ? [] : [kept]
    }
    return node.nodeName.startsWith('#') ? [] : [elementOf(node, keepsSpace)]
  })

/**
 * A page as its elements, comments left out, white space collapsed but in `pre`, `textarea`,
 * `script` and `style`. Every text is a page; null: it is nested too deep to be walked.
 */
export const parseHtml = (text: string): readonly MarkupNode[] | null => {
  try {
    const document: HtmlNode = parse(text, { treeAdapter: createShallowAdapter() })
    return nodesOf(childrenOf(document), false)
  } catch (error) {
    if (error instanceof TooDeep) return null
    throw error
  }
}
