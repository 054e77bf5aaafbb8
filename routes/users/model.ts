import {
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  type Model,
  type ModelStatic,
  type Sequelize,
} from 'sequelize'

export interface User extends Model<InferAttributes<User>, InferCreationAttributes<User>> {
  id: CreationOptional<number>
  email: string
  username: string
  /** bcrypt, `$2y$`. */
  password: string
  bio: CreationOptional<string | null>
  image: CreationOptional<string | null>
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  createdAt: string
  updatedAt: string
}

export const defineUser = (database: Sequelize): ModelStatic<User> =>
  database.define<User>(
    'User',
    {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      email: { type: DataTypes.STRING, allowNull: false },
      username: { type: DataTypes.STRING, allowNull: false },
      password: { type: DataTypes.STRING, allowNull: false },
      bio: DataTypes.TEXT,
      image: DataTypes.STRING(1000),
      createdAt: { type: DataTypes.STRING, allowNull: false },
      updatedAt: { type: DataTypes.STRING, allowNull: false },
    },
    { tableName: 'users', underscored: true, timestamps: false },
  )
