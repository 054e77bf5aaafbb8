/** Legacies name their requests in what they write, whatever driver they have. */
import { deepEqual } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packageRoot } from '../proxy/package-root.ts'
import { moment } from '../proxy/shadow/writes/moment.ts'
import { emptyOverlay } from '../proxy/shadow/writes/overlay.ts'
import { type BinlogLab, startBinlogLab } from './binlog-lab.ts'
import { jake, jwtSecret } from './lab/each-legacy.ts'
import { describeWith } from './lab/left-out.ts'
import { startPhp, startRuby } from './lab/legacy.ts'
import { probeMariadb, probePhp, probeRuby } from './lab/native.ts'
import { prepareDatabase } from './lab/seed.ts'

const [php, ruby, mariadb] = await Promise.all([probePhp(), probeRuby(), probeMariadb()])

/** By mysqli: a text, and one prepared. */
const script = `
require $argv[1];
$_SERVER['HTTP_X_REQUEST_ID'] = $argv[2];
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$link = new TaggedMysqli($argv[3], $argv[4], $argv[5], $argv[6], (int) $argv[7]);
$link->query("INSERT INTO plain (v) VALUES ('one')");
$statement = $link->prepare('UPDATE plain SET v = ?');
$value = 'two';
$statement->bind_param('s', $value);
$statement->execute();
`

describeWith({ php, ruby, mariadb }, 'a legacy on MariaDB', function (this: Mocha.Suite) {
  this.timeout(60_000)
  const dir = mkdtempSync(join(tmpdir(), 'banyan-tags-'))
  let lab: BinlogLab

  before(async function () {
    this.timeout(90_000)
    lab = await startBinlogLab()
    await prepareDatabase(lab.database.url, { users: 3, articles: 3 })
  })
  after(async () => {
    await lab?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  /** Tables that legacy has written for a request of this id. */
  const writtenBy = async (request: string, work: () => Promise<unknown>): Promise<unknown> => {
    const since = moment()
    await work()
    const found = await lab.writes.find({ request, since, intended: lab.intended(emptyOverlay) })
    return found.is === 'found' ? found.differences.map(({ place }) => place) : found
  }
  const post = (url: string, request: string, body: object) => () =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': request, ...jake() },
      body: JSON.stringify(body),
    })
  const options = () => ({ databaseUrl: lab.database.url, jwtSecret, form: 'native', dir }) as const

  it('names them from PHP by PDO', async () => {
    const legacy = await startPhp(options())
    const article = { title: 'Named', description: 'd', body: 'b', tagList: ['named'] }
    const work = post(`${legacy.url}/api/articles`, 'by-php', { article })
    const expected = ['articles/insert', 'tags/insert', 'article_tags/insert']
    deepEqual(await writtenBy('by-php', work), expected)
    await legacy.close()
  })

  it('names them from Ruby by mysql2', async () => {
    const legacy = await startRuby(options())
    const user = { username: 'named', email: 'named@example.com', password: 'named named' }
    const work = post(`${legacy.url}/api/users`, 'by-ruby', { user })
    deepEqual(await writtenBy('by-ruby', work), ['users/insert'])
    await legacy.close()
  })

  it('names them from PHP by mysqli', async () => {
    await lab.run('CREATE TABLE plain (id INT AUTO_INCREMENT PRIMARY KEY, v TEXT)')
    const { host, user, password, database, port } = lab.address
    const file = join(packageRoot(), 'legacy-adapters/php/sample/lib/request_tag.php')
    const account = [host, user, password, database, String(port)]
    const args = ['-r', script, '--', file, 'by-mysqli', ...account]
    const work = () => promisify(execFile)('php', args)
    deepEqual(await writtenBy('by-mysqli', work), ['plain/insert'])
  })
})
