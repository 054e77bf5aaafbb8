import type { Handler, Parts } from '../parts.ts'

/** `GET /api/tags`: every name, in whatever order the database has them. */
export const listTags =
  ({ models }: Parts): Handler =>
  async (ctx) => {
    const tags = await models.Tag.findAll({ attributes: ['name'], raw: true })
    ctx.body = { tags: tags.map(({ name }) => name) }
  }
