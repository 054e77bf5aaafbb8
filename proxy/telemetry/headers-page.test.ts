import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.ts'
import { readPage } from './reference-page.ts'

const source = join(packageRoot(), 'proxy')
/** Not what clients or upstreams see: the admin listener, the command line, what is compared or kept, tests. */
const isElsewhere = (path: string): boolean =>
  /^(admin|commands|compare|config)[\\/]|^shadow[\\/](redact|planted)-|conformance|plain-|-lab\.ts$|\.test\.ts$/.test(
    path,
  )

const isHeaderLike =
  /^(x|proxy|http2|client|true|front|keep|transfer|content|set|retry|cache)(-[a-z\d]+)+-?$|^(host|via|te|trailer|upgrade|expect|connection|cookie|authorization|forwarded|proxy|traceparent|tracestate)$/

/** Quoted names, in lower case: code writes each at least once so. */
const namesInCode = (): Set<string> => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  const quoted = files
    .filter((path) => path.endsWith('.ts') && !isElsewhere(path))
    .flatMap((path) => [
      ...readFileSync(join(source, path), 'utf8').matchAll(/'([A-Za-z][\w-]*)'/g),
    ])
    .map(([, name = '']) => name.toLowerCase())
  return new Set(quoted.filter((name) => isHeaderLike.test(name)))
}

/** Names of the page as the code writes them: `X-Forwarded-*` is the prefix `x-forwarded-`. */
const namesOnPage = (): Set<string> => {
  const quoted = [...readPage('reference/headers.md').matchAll(/`([A-Za-z][\w-]*\*?)`/g)]
  const names = quoted.map(([, name = '']) => name.toLowerCase().replace('*', ''))
  return new Set(names.filter((name) => isHeaderLike.test(name)))
}

/** Words of the code that are no headers of ours, or names that only a test of the code assumes. */
const noHeaders = new Set(['proxy', 'upgrade', 'x-banyan-assumed-key'])

describe('docs/reference/headers.md', () => {
  const [code, page] = [namesInCode(), namesOnPage()]

  it('carries every header that the code names', () => {
    const missing = [...code].filter((name) => !page.has(name) && !noHeaders.has(name))
    assert.deepEqual(missing, [])
  })

  it('carries no header that the code does not name', () => {
    assert.deepEqual(
      [...page].filter((name) => !code.has(name)),
      [],
    )
  })
})
