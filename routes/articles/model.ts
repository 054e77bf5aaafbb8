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
import type { User } from '../users/model.ts'

export interface Article extends Model<InferAttributes<Article>, InferCreationAttributes<Article>> {
  id: CreationOptional<number>
  /** Unique by a migration only: until then, of two, the older one is the article. */
  slug: string
  authorId: number
  title: string
  description: string
  body: string
  /** Decimal digits: it goes past 2^53. */
  viewCount: CreationOptional<string>
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  createdAt: string
  updatedAt: string
  /** As `createdAt`. Written where the schema has it, read nowhere yet: see published-at.ts. */
  publishedAt: CreationOptional<string>
  author?: NonAttribute<User>
}

export const defineArticle = (database: Sequelize): ModelStatic<Article> =>
  database.define<Article>(
    'Article',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      slug: { type: DataTypes.STRING, allowNull: false },
      authorId: { type: DataTypes.INTEGER, allowNull: false },
      title: { type: DataTypes.STRING, allowNull: false },
      description: { type: DataTypes.TEXT, allowNull: false },
      body: { type: DataTypes.TEXT, allowNull: false },
      viewCount: { type: DataTypes.BIGINT, allowNull: false, defaultValue: '0' },
      createdAt: { type: DataTypes.STRING, allowNull: false },
      updatedAt: { type: DataTypes.STRING, allowNull: false },
      publishedAt: { type: DataTypes.STRING, allowNull: true },
    },
    {
      ...{ tableName: 'articles', underscored: true, timestamps: false },
      // A column that comes and goes must not be asked for.
      defaultScope: { attributes: { exclude: ['publishedAt'] } },
    },
  )
