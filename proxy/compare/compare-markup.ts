/** Two documents, element by element: attributes in any order, children in theirs. */
import { compareScalars } from './compare-json.ts'
import { createMarkupText, isElement, type MarkupElement, type MarkupNode } from './markup.ts'
import type { ItemStep } from './place.ts'
import { alignSequence } from './sequence.ts'
import type { Walk } from './walk.ts'

const nameOf = (node: MarkupNode | undefined): string => (isElement(node) ? node.name : '#text')

/** Where a child stands among those of its name. */
const childStep = (children: readonly MarkupNode[], at: number): ItemStep => {
  const child = children[at]
  const name = nameOf(child)
  return {
    name,
    index: children.slice(0, at).filter((each) => nameOf(each) === name).length,
    label: null,
    has: (key, text) => isElement(child) && child.attributes.get(key) === text,
  }
}

/**
 * `app-3f2a91c0.js` and `app-77e01b2d.js` are one asset in two builds. A picture is one only by the
 * whole SHA-256 that Sprockets writes: `photo-12345678.jpg` and `photo-87654321.jpg` are two.
 */
const digest =
  /[-.](?:[0-9a-f]{8,64}(?=\.(?:js|css|mjs|woff2?)\b)|[0-9a-f]{64}(?=\.(?:png|jpe?g|gif|svg|webp)\b))/g

const compareAttribute = (walk: Walk, legacy: string, modern: string): void => {
  const isAsset = legacy !== modern && legacy.replace(digest, '') === modern.replace(digest, '')
  if (isAsset) walk.report('spelling', legacy, modern)
  else compareScalars(walk, legacy, modern)
}

const compareAttributes = (walk: Walk, legacy: MarkupElement, modern: MarkupElement): void => {
  for (const name of new Set([...legacy.attributes.keys(), ...modern.attributes.keys()])) {
    const [left, right] = [legacy.attributes.get(name), modern.attributes.get(name)]
    walk.enter(`@${name}`)
    if (left === undefined) walk.report('extra', left, right)
    else if (right === undefined) walk.report('missing', left, right)
    else compareAttribute(walk, left, right)
    walk.leave()
  }
}

/** For people: the tag and its attributes, or the text. */
const shownNode = (node: MarkupNode | undefined): string => {
  if (!isElement(node)) return node ?? ''
  const attributes = [...node.attributes].map(([name, value]) => ` ${name}="${value}"`).join('')
  return `<${node.name}${attributes}>`
}

/** Whether two unequal nodes may be one that changed: of one name, and not of two ids. */
const isLike = (a: MarkupNode | undefined, b: MarkupNode | undefined): boolean => {
  if (nameOf(a) !== nameOf(b)) return false
  if (!isElement(a) || !isElement(b)) return true
  const [left, right] = [a.attributes.get('id'), b.attributes.get('id')]
  return left === right || left === undefined || right === undefined
}

const reportAlone = (
  walk: Walk,
  children: readonly MarkupNode[],
  places: readonly number[],
  kind: 'missing' | 'extra',
): void => {
  for (const at of places) {
    const node = shownNode(children[at])
    walk.enter(childStep(children, at))
    if (kind === 'missing') walk.report(kind, node, undefined)
    else walk.report(kind, undefined, node)
    walk.leave()
  }
}

type Children = readonly MarkupNode[]

/**
 * Reports every place at which two lists of nodes differ. Children keep their order: one that moved
 * is missing in one place and new in another.
 */
export const compareMarkup = (walk: Walk, legacy: Children, modern: Children): void => {
  const textOf = createMarkupText()

  const compareNodes = (left: MarkupNode, right: MarkupNode): void => {
    if (isElement(left) && isElement(right)) {
      compareAttributes(walk, left, right)
      compareChildren(left.children, right.children)
    } else if (!isElement(left) && !isElement(right)) compareScalars(walk, left, right)
  }
  const compareChildren = (left: Children, right: Children): void => {
    const [leftTexts, rightTexts] = [left.map(textOf), right.map(textOf)]
    const found = alignSequence(leftTexts, rightTexts, (i, j) => isLike(left[i], right[j]))
    if (found === null) {
      walk.report('unaligned', left.map(shownNode), right.map(shownNode))
      return
    }
    for (const [i, j] of found.pairs) {
      if (walk.identities === null && leftTexts[i] === rightTexts[j]) continue
      walk.enter(childStep(left, i))
      compareNodes(left[i] ?? '', right[j] ?? '')
      walk.leave()
    }
    reportAlone(walk, left, found.missing, 'missing')
    reportAlone(walk, right, found.extra, 'extra')
  }
  compareChildren(legacy, modern)
}
