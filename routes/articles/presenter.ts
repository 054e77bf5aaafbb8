import { presentTime } from '../database-time.ts'
import { type ProfileJson, presentProfile } from '../profiles/presenter.ts'
import type { Article } from './model.ts'

export interface ArticleSummaryJson {
  readonly slug: string
  readonly title: string
  readonly description: string
  readonly tagList: readonly string[]
  readonly createdAt: string
  readonly updatedAt: string
  readonly favorited: boolean
  readonly favoritesCount: number
  readonly author: ProfileJson
}

export interface ArticleJson extends ArticleSummaryJson {
  readonly body: string
}

/** What belongs to articles but lies in other tables, for a whole page of them. */
export interface Surroundings {
  /** By article id, in the author's order. */
  readonly tags: ReadonlyMap<number, readonly string[]>
  /** By article id; one that nobody favors is absent. */
  readonly favorites: ReadonlyMap<number, number>
  /** Ids of articles that the caller favors. */
  readonly favorited: ReadonlySet<number>
  /** Ids of users whom the caller follows. */
  readonly followed: ReadonlySet<number>
}

/** An article as lists show it. Throws a TypeError when it was read without its author. */
export const presentSummary = (article: Article, around: Surroundings): ArticleSummaryJson => {
  const { id, slug, title, description, authorId, author } = article
  if (author === undefined) throw new TypeError(`article ${id} was read without its author`)
  return {
    slug,
    title,
    description,
    tagList: around.tags.get(id) ?? [],
    createdAt: presentTime(article.createdAt),
    updatedAt: presentTime(article.updatedAt),
    favorited: around.favorited.has(id),
    favoritesCount: around.favorites.get(id) ?? 0,
    author: presentProfile(author, around.followed.has(authorId)),
  }
}

/** With its body, where the legacy has it: some clients read JSON in order. */
export const presentArticle = (article: Article, around: Surroundings): ArticleJson => {
  const { slug, title, description, ...rest } = presentSummary(article, around)
  return { slug, title, description, body: article.body, ...rest }
}
