import assert from 'node:assert/strict'
import { findBypasses } from './bypasses.ts'
import { normalisers } from './normalise/profiles.ts'
import { plainRoute } from './plain-route.ts'
import { plainTable } from './routing-lab.ts'

const patterns = { admin: '/admin', rest: '/*' }
const moved = { admin: { stage: 'modern' } } as const

describe('findBypasses', () => {
  for (const normaliser of normalisers) {
    it(`finds the ways round a route that ${normaliser} opens, and none when they are closed`, () => {
      const open = findBypasses(plainTable(patterns, [normaliser], moved).config)
      assert.ok(open.length > 0)
      for (const { route, profile, takenBy } of open)
        assert.deepEqual([route, profile, takenBy], ['admin', normaliser, 'rest'])
      for (const onAmbiguousPath of ['reject', 'strictest'] as const) {
        const closed = { admin: { ...moved.admin, onAmbiguousPath } }
        assert.deepEqual(findBypasses(plainTable(patterns, [normaliser], closed).config), [])
      }
    })
  }

  it('finds none where the same legacy answers either way', () => {
    assert.deepEqual(findBypasses(plainTable(patterns, ['php']).config), [])
  })

  it('finds none where no route takes the other spellings', () => {
    assert.deepEqual(findBypasses(plainTable({ admin: '/admin' }, ['php'], moved).config), [])
  })

  it('asks with the method, host, headers and query of the route', () => {
    const { config } = plainTable({ rest: '/*' }, ['express'])
    const match = {
      path: '/admin/:id',
      methods: ['POST'],
      host: '*.shop.example',
      headers: { 'x-debug': '1' },
      query: { page: null },
    }
    const routes = [plainRoute('admin', { match, stage: 'modern' }), ...config.routes]
    const spellings = findBypasses({ ...config, routes }).map(({ spelling }) => spelling)
    assert.ok(spellings.includes('/ADMIN/X'), spellings.join(' '))
  })

  it('tries no route that begins with a name, and no more routes than it is told', () => {
    const names = { name: '/:page', admin: '/admin', rest: '/*' }
    const { config } = plainTable(names, ['php'], { ...moved, name: { stage: 'modern' } })
    assert.ok(findBypasses(config).every(({ route }) => route === 'admin'))
    assert.deepEqual(findBypasses(config, 1), [])
  })
})
