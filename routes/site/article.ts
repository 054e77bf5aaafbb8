import { findArticle } from '../articles/find.ts'
import type { Article } from '../articles/model.ts'
import type { Surroundings } from '../articles/presenter.ts'
import { readSurroundings } from '../articles/surroundings.ts'
import type { Comment } from '../comments/model.ts'
import { html, type Markup } from '../html.ts'
import type { Parts } from '../parts.ts'
import { byline } from './byline.ts'
import type { Page, Visit } from './page.ts'
import { picture, segment, tagList, tokenField, withBreaks } from './pieces.ts'

const showArticle = (article: Article, { tags, favorites }: Surroundings): Markup => html`<article>
<h1>${article.title}</h1>
<p class="meta">${picture(article.author?.image ?? null)}${byline(article, favorites)}</p>
<p class="lead">${article.description}</p>
<div class="body">${withBreaks(article.body)}</div>
${tagList(tags.get(article.id) ?? [])}</article>
`

const showComment = ({ body, author, createdAt }: Comment): Markup => html`<div class="comment">
<p>${withBreaks(body)}</p>
<p class="meta">${picture(author?.image ?? null)}<bdi>${author?.username ?? null}</bdi>, <time>${createdAt}</time></p>
</div>
`

const commentForm = (slug: string, { user, token }: Visit): Markup =>
  user === null
    ? html`<p><a href="/login">Sign in</a> to comment.</p>
`
    : html`<form method="post" action="/article/${segment(slug)}/comment">
${tokenField(token)}
<label>Your comment <textarea name="body" rows="4"></textarea></label>
<button>Post comment</button>
</form>
`

/** `GET /article/:slug`: the article, and what was said of it, the oldest first. */
export const articlePage =
  ({ models }: Parts): Page =>
  async (ctx, visit) => {
    const article = await findArticle(models, ctx.params.slug ?? '')
    const comments = await models.Comment.findAll({
      where: { articleId: article.id },
      include: { association: 'author', required: true },
      order: ['createdAt', 'id'],
    })
    const around = await readSurroundings(models, [article], null)
    const content = html`${showArticle(article, around)}<section id="comments">
<h2>${comments.length} comments</h2>
${comments.map(showComment)}${commentForm(article.slug, visit)}</section>
`
    return { is: 'document', status: 200, title: article.title, content }
  }
