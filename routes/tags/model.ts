import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type NonAttribute,
  type Sequelize,
} from 'sequelize'

export interface Tag extends Model<InferAttributes<Tag>, InferCreationAttributes<Tag>> {
  id: CreationOptional<number>
  name: string
}

export interface ArticleTag
  extends Model<InferAttributes<ArticleTag>, InferCreationAttributes<ArticleTag>> {
  articleId: number
  tagId: number
  /** From 0, in the author's order. */
  position: number
  tag?: NonAttribute<Tag>
}

export const defineTag = (database: Sequelize): ModelStatic<Tag> =>
  database.define<Tag>(
    'Tag',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      name: { type: DataTypes.STRING, allowNull: false },
    },
    { tableName: 'tags', underscored: true, timestamps: false },
  )

export const defineArticleTag = (database: Sequelize): ModelStatic<ArticleTag> =>
  database.define<ArticleTag>(
    'ArticleTag',
    {
      articleId: { type: DataTypes.INTEGER, primaryKey: true },
      tagId: { type: DataTypes.INTEGER, primaryKey: true },
      position: { type: DataTypes.INTEGER, allowNull: false },
    },
    { tableName: 'article_tags', underscored: true, timestamps: false },
  )
