import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { leaveOut } from '../../contract-tests/lab/left-out.ts'
import { packageRoot } from '../package-root.ts'
import { metricNames } from './catalogue.ts'
import { readPage } from './reference-page.ts'

interface Rule {
  readonly alert?: string
  readonly expr: string
  readonly labels?: { readonly severity?: string }
  readonly annotations?: { readonly summary?: string; readonly runbook?: string }
}

const folder = join(packageRoot(), 'config', 'prometheus')
const { groups } = parse(readFileSync(join(folder, 'alerts.yml'), 'utf8')) as {
  groups: { rules: Rule[] }[]
}
const rules = groups.flatMap((group) => group.rules)
const alerts = rules.filter((rule) => rule.alert !== undefined)

describe('config/prometheus/alerts.yml', () => {
  it('asks only for metrics that are there', () => {
    const known = new Set<string>(metricNames)
    const asked = rules
      .flatMap(({ expr }) => [
        ...expr.replaceAll(/route:banyan_\w+:\w+/g, '').matchAll(/banyan_(\w+)/g),
      ])
      .map(([, name = '']) => name.replace(/_bucket$/, ''))
    assert.deepEqual(
      asked.filter((name) => !known.has(name)),
      [],
    )
  })

  it('has a severity, a summary and a runbook for every alert, and no runbook for another', () => {
    const titles = readPage('runbooks/alerts.md')
      .match(/^## .+$/gm)
      ?.map((line) => line.slice(3))
    assert.deepEqual(
      alerts.map(({ alert }) => alert),
      titles,
    )
    for (const { alert = '', labels, annotations } of alerts) {
      assert.match(labels?.severity ?? '', /^(page|ticket)$/, alert)
      assert.ok((annotations?.summary ?? '').length > 10, alert)
      assert.equal(annotations?.runbook, `docs/runbooks/alerts.md#${alert.toLowerCase()}`)
    }
  })

  const runs = [
    ['is well-formed', ['check', 'rules', 'alerts.yml']],
    ['fires when it should, and only then', ['test', 'rules', 'alerts.test.yml']],
  ] as const
  for (const [title, args] of runs) {
    it(title, function () {
      const { status, stdout, stderr, error } = spawnSync('promtool', args, { cwd: folder })
      if (error !== undefined) leaveOut(this, 'promtool', 'promtool is not on the PATH')
      assert.equal(status, 0, `${stdout}${stderr}`)
    })
  }
})
