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

export interface Comment extends Model<InferAttributes<Comment>, InferCreationAttributes<Comment>> {
  id: CreationOptional<number>
  articleId: number
  authorId: number
  body: string
  createdAt: string
  updatedAt: string
  author?: NonAttribute<User>
}

export const defineComment = (database: Sequelize): ModelStatic<Comment> =>
  database.define<Comment>(
    'Comment',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      articleId: { type: DataTypes.INTEGER, allowNull: false },
      authorId: { type: DataTypes.INTEGER, allowNull: false },
      body: { type: DataTypes.TEXT, allowNull: false },
      createdAt: { type: DataTypes.STRING, allowNull: false },
      updatedAt: { type: DataTypes.STRING, allowNull: false },
    },
    { tableName: 'comments', underscored: true, timestamps: false },
  )
