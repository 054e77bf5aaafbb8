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

interface HtmlDocument extends HtmlNode {
  /** `quirks`, `limited-quirks` or `no-quirks` (WHATWG HTML §13.2.6.4.1). */
  readonly mode: string
}

/** Elements in which every space counts. */
const verbatim: ReadonlySet<string> = new Set(['pre', 'textarea', 'script', 'style'])

/** Elements that stand in a text like words: a space beside one parts it from the next. */
const wordlike: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo cite code data del dfn em i ins kbd label mark q s samp small span strong sub sup time u var'.split(
    ' ',
  ),
)

/** Attributes that say yes by being there, whatever they hold (WHATWG HTML §2.3.2). */
const booleans: ReadonlySet<string> = new Set(
  'allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate inert ismap itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected'.split(
    ' ',
  ),
)

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
  if (booleans.has(name)) return [name, '']
  const isSet = name === 'class' || name === 'rel'
  return [name, isSet ? [...new Set(value.split(/\s+/))].sort().join(' ').trim() : value]
}

const elementOf = (node: HtmlNode, keepsSpace: boolean): MarkupElement => ({
  name: node.nodeName,
  attributes: new Map((node.attrs ?? []).map(({ name, value }) => attributeOf(name, value))),
  children: nodesOf(childrenOf(node), keepsSpace || verbatim.has(node.nodeName)),
})

const isWordlike = (node: HtmlNode | undefined): boolean => wordlike.has(node?.nodeName ?? '')

/** The text with its runs of white space as one space each, and none where nothing stands beside it. */
const collapsed = (
  text: string,
  before: HtmlNode | undefined,
  after: HtmlNode | undefined,
): string => {
  const words = text.replace(/[ \t\n\f\r]+/g, ' ')
  if (words === ' ') return isWordlike(before) && isWordlike(after) ? words : ''
  const start = isWordlike(before) ? words : words.replace(/^ /, '')
  return isWordlike(after) ? start : start.replace(/ $/, '')
}

const isShown = ({ nodeName }: HtmlNode): boolean =>
  nodeName === '#text' || !nodeName.startsWith('#')

/** Without comments; text that only a comment parts is one. */
const shownOf = (nodes: readonly HtmlNode[]): readonly HtmlNode[] => {
  const shown: HtmlNode[] = []
  for (const node of nodes.filter(isShown)) {
    const last = shown.at(-1)
    const isText = node.nodeName === '#text' && last?.nodeName === '#text'
    if (isText) shown.splice(-1, 1, { ...node, value: `${last.value ?? ''}${node.value ?? ''}` })
    else shown.push(node)
  }
  return shown
}

const nodesOf = (nodes: readonly HtmlNode[], keepsSpace: boolean): MarkupNode[] =>
  shownOf(nodes).flatMap((node, at, all): MarkupNode[] => {
    if (node.nodeName !== '#text') return [elementOf(node, keepsSpace)]
    const text = node.value ?? ''
    const kept = keepsSpace ? text : collapsed(text, all[at - 1], all[at + 1])
    return kept === '' ? [] : [kept]
  })

/** What a page's doctype makes of it: without one, browsers lay it out by the rules of 1998. */
const doctypeOf = ({ mode }: HtmlDocument): MarkupElement[] =>
  mode === 'quirks'
    ? []
    : [{ name: '!doctype', attributes: new Map([['mode', mode]]), children: [] }]

/**
 * A page as its elements, comments left out, white space collapsed but in `pre`, `textarea`,
 * `script` and `style`. Every text is a page; null: it is nested too deep to be walked.
 */
export const parseHtml = (text: string): readonly MarkupNode[] | null => {
  try {
    const document: HtmlDocument = parse(text, { treeAdapter: createShallowAdapter() })
    return [...doctypeOf(document), ...nodesOf(childrenOf(document), false)]
  } catch (error) {
    if (error instanceof TooDeep) return null
    throw error
  }
}
