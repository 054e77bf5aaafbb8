import type { Article } from '../articles/model.ts'
import { html, type Markup } from '../html.ts'
import { grouped } from './pieces.ts'

/** Who wrote it, when, and what became of it. */
export const byline = (
  { id, author, createdAt, viewCount }: Article,
  favorites: ReadonlyMap<number, number>,
): Markup =>
  html`<bdi>${author?.username ?? null}</bdi>, <time>${createdAt}</time>, ${grouped(viewCount)} views, ${favorites.get(id) ?? 0} favorites`
