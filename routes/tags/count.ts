import { QueryTypes, type Sequelize } from 'sequelize'

/** How many articles of an author have which tag: name → number, by name. */
export const countTags = async (
  database: Sequelize,
  author: string,
): Promise<readonly (readonly [string, number])[]> => {
  const rows = await database.query<{ name: string; total: number | string }>(
    `SELECT t.name, COUNT(*) AS total FROM articles a
      JOIN users u ON u.id = a.author_id
      JOIN article_tags x ON x.article_id = a.id
      JOIN tags t ON t.id = x.tag_id
      WHERE u.username = :author GROUP BY t.name ORDER BY t.name`,
    { type: QueryTypes.SELECT, replacements: { author } },
  )
  return rows.map(({ name, total }) => [name, Number(total)])
}
