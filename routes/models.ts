import type { ModelStatic, Sequelize } from 'sequelize'
import { type Article, defineArticle } from './articles/model.ts'
import { type Comment, defineComment } from './comments/model.ts'
import { defineFavorite, type Favorite } from './favorites/model.ts'
import { defineFollow, type Follow } from './profiles/model.ts'
import { type ArticleTag, defineArticleTag, defineTag, type Tag } from './tags/model.ts'
import { defineUser, type User } from './users/model.ts'

export interface Models {
  readonly Article: ModelStatic<Article>
  readonly ArticleTag: ModelStatic<ArticleTag>
  readonly Comment: ModelStatic<Comment>
  readonly Favorite: ModelStatic<Favorite>
  readonly Follow: ModelStatic<Follow>
  readonly Tag: ModelStatic<Tag>
  readonly User: ModelStatic<User>
}

/** The models of one connection, over the schema that the legacy made: no keys it does not have. */
export const defineModels = (database: Sequelize): Models => {
  const models: Models = {
    Article: defineArticle(database),
    ArticleTag: defineArticleTag(database),
    Comment: defineComment(database),
    Favorite: defineFavorite(database),
    Follow: defineFollow(database),
    Tag: defineTag(database),
    User: defineUser(database),
  }
  const author = { as: 'author', foreignKey: 'authorId', constraints: false } as const
  models.Article.belongsTo(models.User, author)
  models.Comment.belongsTo(models.User, author)
  models.ArticleTag.belongsTo(models.Tag, { as: 'tag', foreignKey: 'tagId', constraints: false })
  return models
}
