import {
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

export interface Follow extends Model<InferAttributes<Follow>, InferCreationAttributes<Follow>> {
  followerId: number
  followedId: number
  createdAt: string
}

export const defineFollow = (database: Sequelize): ModelStatic<Follow> =>
  database.define<Follow>(
    'Follow',
    {
      followerId: { type: DataTypes.INTEGER, primaryKey: true },
      followedId: { type: DataTypes.INTEGER, primaryKey: true },
      createdAt: { type: DataTypes.STRING, allowNull: false },
    },
    { tableName: 'follows', underscored: true, timestamps: false },
  )
