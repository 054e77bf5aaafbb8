import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sequelize as Database, DataTypes, QueryTypes, Sequelize } from 'sequelize'
import { createSqliteDialect } from './sqlite-dialect.ts'

const open = (file: string, busyTimeoutMs = 3000): Database =>
  new Sequelize({
    dialect: 'sqlite',
    storage: file,
    dialectModule: createSqliteDialect({ busyTimeoutMs }),
    logging: false,
  })

describe('createSqliteDialect', () => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-dialect-'))
  const database = open(join(dir, 'values.db'))
  const Parent = database.define('Parent', { name: { type: DataTypes.STRING, unique: true } })
  const Child = database.define('Child', {
    big: DataTypes.BIGINT,
    small: DataTypes.INTEGER,
    bytes: DataTypes.BLOB,
    flag: DataTypes.BOOLEAN,
    seenAt: DataTypes.DATE,
    note: DataTypes.TEXT,
  })
  Child.belongsTo(Parent, { as: 'parent' })

  before(() => database.sync())
  after(async () => {
    await database.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('keeps values of every kind through a write and a read', async () => {
    const seenAt = new Date('2024-05-01T12:34:56.789Z')
    const bytes = Buffer.from([0, 1, 255])
    const note = 'it\'s "né" 日本 🦊 \\n $1 ? :x'
    const { id } = (
      await Child.create({ big: 5, small: -7, bytes, flag: true, seenAt, note })
    ).get()
    const found = await Child.findByPk(id, { rejectOnEmpty: true })
    const { big, small, bytes: read, flag, seenAt: seen, note: written } = found.get()
    assert.deepEqual([small, flag, seen, written], [-7, true, seenAt, note])
    assert.ok(Buffer.isBuffer(read) && read.equals(bytes))
    assert.equal(big, '5')
  })

  for (const digits of ['9007199254740993', '9223372036854775807', '-9223372036854775808', '0']) {
    it(`keeps every digit of the BIGINT ${digits}`, async () => {
      const { id } = (await Child.create({ big: digits })).get()
      const found = await Child.findByPk(id, { raw: true, rejectOnEmpty: true })
      assert.equal(Reflect.get(found, 'big'), digits)
    })
  }

  it('reads an integer of no BIGINT column as a number, unless it would lose digits', async () => {
    const [row] = await database.query('SELECT 42 AS small, 9007199254740993 AS large', {
      type: QueryTypes.SELECT,
    })
    assert.deepEqual({ ...row }, { small: 42, large: '9007199254740993' })
  })

  it('binds booleans, dates, undefined and bytes, by name and by position', async () => {
    const day = new Date('2024-05-01T00:00:00.000Z')
    const named = await database.query('SELECT $a AS a, $b AS b, $c AS c', {
      bind: { a: true, b: day, c: null },
      type: QueryTypes.SELECT,
    })
    assert.deepEqual({ ...named[0] }, { a: 1, b: day.toISOString(), c: null })
    const placed = await database.query('SELECT $1 AS a, $2 AS b', {
      bind: [false, Buffer.from('x')],
      type: QueryTypes.SELECT,
    })
    assert.deepEqual({ ...placed[0] }, { a: 0, b: Buffer.from('x') })
  })

  it('gives a NUL in a text to the database instead of ending the statement there', async () => {
    assert.equal(await Child.count({ where: { note: "nothing\0' OR 1=1" } }), 0)
  })

  it('gives the ids of a bulk insert', async () => {
    const made = await Parent.bulkCreate([{ name: 'x' }, { name: 'y' }, { name: 'z' }])
    const ids = made.map((each) => Number(each.get('id')))
    const found = await Parent.findAll({ where: { name: ['x', 'y', 'z'] }, order: ['id'] })
    assert.deepEqual(
      found.map((each) => each.get('id')),
      ids,
    )
  })

  it('tells a broken UNIQUE from a broken FOREIGN KEY', async () => {
    await Parent.create({ name: 'once' })
    await assert.rejects(Parent.create({ name: 'once' }), (error: Error) => {
      assert.equal(error.name, 'SequelizeUniqueConstraintError')
      assert.deepEqual(Reflect.get(error, 'fields'), ['name'])
      return true
    })
    await assert.rejects(Child.create({ parentId: 999_999 }), {
      name: 'SequelizeForeignKeyConstraintError',
    })
  })

  it('reports a statement that makes no sense', async () => {
    await assert.rejects(database.query('SELECT nonsense FROM nowhere'), {
      name: 'SequelizeDatabaseError',
      message: 'SQLITE_ERROR: no such table: nowhere',
    })
  })

  it('finds, includes, upserts and finds-or-creates', async () => {
    const [parent, made] = await Parent.findOrCreate({ where: { name: 'p' } })
    assert.ok(made)
    await Child.create({ parentId: parent.get('id'), note: 'c' })
    const child = await Child.findOne({ where: { note: 'c' }, include: 'parent' })
    assert.equal(Reflect.get(child?.get('parent') as object, 'name'), 'p')
    await Parent.upsert({ id: parent.get('id'), name: 'q' })
    assert.equal((await parent.reload()).get('name'), 'q')
  })
})
