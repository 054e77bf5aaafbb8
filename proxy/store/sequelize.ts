/** The one door to the database library, for the store's own files. */
import { DataTypes, Op, QueryTypes, Sequelize, Transaction } from 'sequelize'

export type { Model, ModelStatic, Order, WhereOptions } from 'sequelize'
export { DataTypes, Op, QueryTypes, Sequelize, Transaction }
