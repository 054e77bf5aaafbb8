import assert from 'node:assert/strict'
import { chooseForms, describeForms, embeddedForms } from './forms.ts'
import type { Probe } from './native.ts'

const found: Probe = { found: true, version: '1' }
const missing: Probe = { found: false, missing: 'it is not installed' }

describe('chooseForms', () => {
  const cases = [
    ['runs all of it natively where all is found', [found, found, found], 'native native mariadb'],
    [
      'runs PHP alone natively where only PHP is',
      [found, missing, missing],
      'native embedded sqlite',
    ],
    ['keeps Ruby embedded without MariaDB', [found, found, missing], 'native embedded sqlite'],
    ['keeps SQLite without a native Ruby', [missing, missing, found], 'embedded embedded sqlite'],
    ['embeds PHP next to a native Ruby', [missing, found, found], 'embedded native mariadb'],
    [
      'embeds everything on a bare machine',
      [missing, missing, missing],
      'embedded embedded sqlite',
    ],
  ] as const

  for (const [title, [php, ruby, mariadb], expected] of cases) {
    it(title, () => {
      const forms = chooseForms({ php, ruby, mariadb })
      assert.equal(`${forms.php} ${forms.ruby} ${forms.database}`, expected)
    })
  }

  it('says what is missing', () => {
    const forms = chooseForms({ php: found, ruby: found, mariadb: missing })
    assert.deepEqual(forms.missing, ['it is not installed'])
  })
})

describe('describeForms', () => {
  it('names what runs', () => {
    assert.equal(
      describeForms(embeddedForms),
      'PHP embedded (WebAssembly), Ruby embedded (WebAssembly), SQLite',
    )
  })
})
