/** PHP's own lock on a session, and its flash messages, under shadows of every request. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type HeldSessions, type HeldSessionsOptions, startHeldSessions } from './held-sessions.ts'
import { describeWith } from './lab/left-out.ts'
import { probePhp } from './lab/native.ts'

const several = (path: string): readonly string[] =>
  Array.from({ length: 6 }, (_, at) => `${path}/${at}`)

describeWith(
  { php: await probePhp() },
  'a PHP session that is held by its pages',
  function (this: Mocha.Suite) {
    this.timeout(60_000)
    let dir = ''
    let site: HeldSessions | null = null
    const start = async (options: Omit<HeldSessionsOptions, 'dir'>): Promise<HeldSessions> => {
      dir = mkdtempSync(join(tmpdir(), 'banyan-held-'))
      site = await startHeldSessions({ dir, ...options })
      return site
    }
    afterEach(async () => {
      await site?.close()
      site = null
      rmSync(dir, { recursive: true, force: true })
    })

    it('is held by no shadow when the visitor comes for the next page, which shows a flash message once', async () => {
      const { visit, opened, drain } = await start({ stage: 'shadow' })
      await visit(['/desk/first'])
      const pages = several('/pages')
      await visit(pages)
      const flashes = await visit(['/pages/set?flash=Saved.', '/pages/read', '/pages/again'])
      await drain()
      assert.deepEqual(flashes, [null, 'Saved.', null])
      const seen = opened().filter(({ session }) => session)
      assert.deepEqual(
        seen.filter(({ held }) => held),
        [],
      )
      assert.equal(seen.length, pages.length + 3)
    })

    it('is opened once for each of the pages that one visitor asks for at once', async () => {
      const { visit, opened, drain } = await start({ stage: 'shadow' })
      await visit(['/desk/first'])
      await Promise.all(several('/pages').map((path) => visit([path])))
      await drain()
      assert.equal(opened().length, 7)
    })

    it('is opened by no reverse shadow: what modern answers keeps neither lock nor message from legacy', async () => {
      const { visit, opened, drain } = await start({ stage: 'modern' })
      await visit(['/desk/first', '/desk/set?flash=Saved.'])
      assert.deepEqual(new Set(await visit(several('/pages'))), new Set([undefined]))
      assert.deepEqual(await visit(['/desk/read', '/desk/again']), ['Saved.', null])
      for (const path of several('/pages')) await visit([path, '/desk/between'])
      await drain()
      const seen = opened()
      assert.deepEqual(
        seen.filter(({ path, held }) => held || path.startsWith('/pages')),
        [],
      )
      assert.equal(seen.length, 4 + 6)
    })

    it('is opened again where the route says that it may be: so this test sees what a shadow does', async () => {
      const { visit, opened, drain } = await start({ stage: 'shadow', repeatable: true })
      await visit(['/desk/first', ...several('/pages')])
      await drain()
      assert.ok(opened().length > 7, `${opened().length} pages`)
    })
  },
)
