import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assertAlike } from './lab/alike.ts'
import { ask, type Facts } from './lab/ask.ts'
import { borrowDatabase } from './lab/borrow-database.ts'
import { type Documented, fetchDocument } from './lab/documented.ts'
import { embeddedForms, type Forms } from './lab/forms.ts'
import { describeWith } from './lab/left-out.ts'
import { itPasses } from './lab/matrix.ts'
import { createMemorySessions } from './lab/memory-sessions.ts'
import { type Modern, startModern } from './lab/modern.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { startWorld, type World } from './lab/world.ts'
import { isRewritten, isRewrittenPage, ownedByRuby } from './owners.ts'
import type { Answer, Scenario } from './scenarios/scenario.ts'
import { scenarios } from './scenarios/scenarios.ts'

const check = (answer: Answer, scenario: Scenario): void => {
  assert.equal(answer.status, scenario.status, answer.text.slice(0, 300))
  if (scenario.method !== 'HEAD') scenario.holds?.(answer)
}

const describeTargets = (forms: Forms): void => {
  const dir = mkdtempSync(join(tmpdir(), 'banyan-targets-'))
  let world: World
  let modern: Modern
  let facts: Facts
  let documented: Documented

  before(async function () {
    this.timeout(60_000)
    world = await startWorld({
      forms,
      dir,
      database: borrowDatabase,
      size: { users: 30, articles: 150 },
    })
    // With sessions, for the pages; the document is of the API alone.
    modern = await startModern(world.database.url, world.jwtSecret, {
      sessions: createMemorySessions(),
    })
    facts = await world.facts()
    documented = await fetchDocument(modern.url)
  })
  after(async function () {
    this.timeout(20_000)
    await modern?.close()
    await world?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const legacyOf = (scenario: Scenario): string =>
    (ownedByRuby(scenario) ? world.ruby : world.php).url

  const native = forms.php === 'native'
  const places = {
    legacy: { column: native ? 'legacy native' : 'legacy embedded', world: forms.php },
    modern: { column: native ? 'modern MariaDB' : 'modern SQLite', world: forms.php },
  } as const

  describe('legacy', () => {
    for (const scenario of scenarios) {
      itPasses(places.legacy, scenario, async () => {
        check(await ask(legacyOf(scenario), scenario, facts), scenario)
      })
    }
  })
  describe('modern, as legacy does', () => {
    for (const scenario of scenarios.filter((one) => isRewritten(one) || isRewrittenPage(one))) {
      itPasses(places.modern, scenario, async () => {
        const answer = await ask(modern.url, scenario, facts)
        check(answer, scenario)
        if (isRewritten(scenario) && scenario.method !== 'HEAD') {
          documented.assertKnown(scenario.route, answer)
        }
        assertAlike(await ask(legacyOf(scenario), scenario, facts), answer, scenario)
      })
    }
  })
}

const [php, ruby, mariadb] = [await probePhp(), await probeRuby(), await probeMariadb()]

describe('legacy and modern, embedded', () => describeTargets(embeddedForms))
describeWith({ php, ruby, mariadb }, 'legacy and modern, native', () =>
  describeTargets({ database: 'mariadb', php: 'native', ruby: 'native', missing: [] }),
)
