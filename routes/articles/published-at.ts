import { QueryTypes, type Sequelize } from 'sequelize'

/** One row where the column is there. Plain reads, whoever stands in for the driver. */
const questions: Readonly<Record<string, string>> = {
  sqlite: "SELECT 1 AS found FROM pragma_table_info('articles') WHERE name = 'published_at'",
  mysql:
    'SELECT 1 AS found FROM information_schema.columns WHERE table_schema = DATABASE() ' +
    "AND table_name = 'articles' AND column_name = 'published_at'",
}

/**
 * Whether the schema has `published_at`. To be asked before each write: a migration may bring the
 * column, or take it back, while handlers run. Once legacy is gone, so is this question.
 */
export const hasPublishedAt = async (database: Sequelize): Promise<boolean> => {
  const question = questions[database.getDialect()] ?? ''
  return (await database.query(question, { type: QueryTypes.SELECT })).length > 0
}
