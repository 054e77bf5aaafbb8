import { articlesWhere } from '../articles/filter.ts'
import type { Article } from '../articles/model.ts'
import { countArticles, findArticles } from '../articles/page.ts'
import type { Surroundings } from '../articles/presenter.ts'
import { readSurroundings } from '../articles/surroundings.ts'
import { html, type Markup } from '../html.ts'
import { queryNumber, queryText } from '../legacy-text.ts'
import type { Parts } from '../parts.ts'
import { byline } from './byline.ts'
import type { Page } from './page.ts'
import { queryValue, segment, tagList } from './pieces.ts'

const pageSize = 10
const mostPages = 1_000_000

interface List {
  readonly title: string
  readonly tag: string | null
  /** Of all that match. */
  readonly count: number
  /** From 1. */
  readonly page: number
  readonly pages: number
  readonly articles: readonly Article[]
  readonly around: Surroundings
}

/** A page of the list, the filter kept. */
const address = (page: number, tag: string | null): string => {
  const query = [
    ...(tag === null ? [] : [`tag=${queryValue(tag)}`]),
    ...(page > 1 ? [`page=${page}`] : []),
  ]
  return query.length === 0 ? '/' : `/?${query.join('&')}`
}

const preview = (article: Article, { tags, favorites }: Surroundings): Markup =>
  html`<article class="preview">
<h2><a href="/article/${segment(article.slug)}">${article.title}</a></h2>
<p class="meta">${byline(article, favorites)}</p>
<p>${article.description}</p>
${tagList(tags.get(article.id) ?? [])}</article>
`

const newer = ({ page, tag }: List): Markup | null =>
  page > 1 ? html`<a rel="prev" href="${address(page - 1, tag)}">Newer</a>` : null

const older = ({ page, pages, tag }: List): Markup | null =>
  page < pages ? html`<a rel="next" href="${address(page + 1, tag)}">Older</a>` : null

const showList = (list: List): Markup => html`<h1>${list.title}</h1>
<p class="count">${list.count} articles, page ${list.page} of ${list.pages}</p>
${list.articles.map((article) => preview(article, list.around))}<nav class="pages">
${newer(list)}${older(list)}</nav>
`

/** `GET /?tag&page`: the newest articles first, ten at a time. */
export const homePage =
  ({ database, models }: Parts): Page =>
  async ({ querystring: query }) => {
    const tag = queryText(query, 'tag')
    const where = articlesWhere({ tag }, (text) => database.escape(text))
    const count = await countArticles(models, where)
    const pages = Math.max(1, Math.ceil(count / pageSize))
    const wanted = queryNumber(query, 'page', { otherwise: 1, most: mostPages })
    const page = Math.max(1, Math.min(pages, wanted))
    const articles = await findArticles(models, where, {
      limit: pageSize,
      offset: (page - 1) * pageSize,
    })
    const around = await readSurroundings(models, articles, null)
    const title = tag === null ? 'Home' : `Articles about ${tag}`
    const content = showList({ title, tag, count, page, pages, articles, around })
    return { is: 'document', status: 200, title, content }
  }
