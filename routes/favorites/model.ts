import {
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

export interface Favorite
  extends Model<InferAttributes<Favorite>, InferCreationAttributes<Favorite>> {
  userId: number
  articleId: number
  createdAt: string
}

export const defineFavorite = (database: Sequelize): ModelStatic<Favorite> =>
  database.define<Favorite>(
    'Favorite',
    {
      userId: { type: DataTypes.INTEGER, primaryKey: true },
      articleId: { type: DataTypes.INTEGER, primaryKey: true },
      createdAt: { type: DataTypes.STRING, allowNull: false },
    },
    { tableName: 'favorites', underscored: true, timestamps: false },
  )
