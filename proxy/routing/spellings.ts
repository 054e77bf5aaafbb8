/** The ways to write a path that some reader takes for that path: what scanners try first. */

type Spell = (path: string) => string

const hex = (char: string): string => `%${char.charCodeAt(0).toString(16)}`
const wide = (char: string): string =>
  encodeURIComponent(String.fromCharCode(char.charCodeAt(0) + 0xfee0)).toLowerCase()
const overlong = (char: string): string => {
  const code = char.charCodeAt(0)
  return `%c${code >> 6}%${(0x80 | (code & 0x3f)).toString(16)}`
}

/** Changes the first letter of the path, or all of them. */
const first =
  (change: Spell): Spell =>
  (path) =>
    path.replace(/[a-z]/i, change)
const every =
  (change: Spell): Spell =>
  (path) =>
    path.replace(/[a-z]/gi, change)
const last =
  (change: Spell): Spell =>
  (path) =>
    path.replace(/[a-z](?=[^a-z]*$)/i, change)
const before = (...texts: readonly string[]): readonly Spell[] =>
  texts.map((text) => (path) => text + path)
const after = (...texts: readonly string[]): readonly Spell[] =>
  texts.map((text) => (path) => path + text)
/** Takes the leading slash away and puts something in its place. */
const instead = (...texts: readonly string[]): readonly Spell[] =>
  texts.map((text) => (path) => text + path.slice(1))

const again: Spell = (escaped) => escaped.replaceAll('%', '%25')
const upper: Spell = (text) => text.toUpperCase()
const lower: Spell = (text) => text.toLowerCase()

// biome-ignore format: a table reads best as a table
const spells: readonly Spell[] = [
  // Escapes, once and more often.
  first(hex), last(hex), every(hex), every((char) => hex(char).toUpperCase()),
  first((char) => again(hex(char))), every((char) => again(hex(char))), first((char) => again(again(hex(char)))),
  first((char) => `%u00${hex(char).slice(1)}`), first((char) => hex(char.toUpperCase())),
  first(overlong), first(wide),
  // Slashes.
  ...instead('//', '///', '/%2f', '/%2F', '/%252f', '/\\', '/%5c', '/%255c', '/%c0%af', '/%ef%bc%8f'),
  // Dots.
  ...before('/.', '/..', '/%2e', '/%2e%2e', '/x/..', '/x/%2e%2e', '/x/.%2E', '/x//..', '/x/%252e%252e', '/x/./..', '/x/y/../..'),
  ...instead('/x/..%2f', '/x/%2e%2e%2f', '/x/%252e%252e%252f', '/x/..%5c', '/x/..\\', '/x\\..\\', '/x%2f..%2f', '/x/..%c0%af'),
  // Parameters.
  ...before('/;', '/;v=1', '/.;', '/..;', '/x/..;', '/x/..;v=1', '/x;v=1/..', '/x/.;/..', '/x/%2e%2e;'),
  ...after(';', ';v=1', ';jsessionid=1', '%3b', '%3bv=1', ';/', '/;', ';.json'),
  // Ends.
  ...after('/', '//', '/.', '/x/..', '/./', '%2f', '\\', '%5c', '.', '%2e', '%20', '/%20', '+', '%09', '%0a', '%00', '%00.html', '%2500', '%a0'),
  ...after('.json', '.html', '.json/', '%3f', '%3fx', '%23', '::$DATA', '%3a%3a$DATA'),
  // Case.
  upper, first(upper), last(upper), (path) => lower(path).replace(/[a-z]/, upper).replaceAll('k', '%e2%84%aa'),
  // Scripts, authorities, tokens.
  ...before('/index.php', '/index.php/', '/index%2ephp', '/app_dev.php', '//x', '//x:80', '/(S(x))'),
  ...after('/index.php', '/index.html'),
]

/**
 * Request targets, 96 of them for most paths: each once and none of them the path itself.
 *
 * @param path canonical, in printable ASCII, with a letter
 */
export const spellingsOf = (path: string): readonly string[] =>
  [...new Set(spells.map((spell) => spell(path)))].filter((spelling) => spelling !== path)
