import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describeWith } from '../contract-tests/lab/left-out.ts'
import { probePhp, probeRuby } from '../contract-tests/lab/native.ts'
import { packageRoot } from '../proxy/package-root.ts'

/** Id, statement, and what comes of it; null: it stays as it is. */
const cases: readonly (readonly [string | null, string, string | null])[] = [
  ['9f2c-1a', 'INSERT INTO t VALUES (1)', "INSERT INTO t VALUES (1) /* rid='9f2c-1a' */"],
  ['a.b_C', 'update t set a = 1; \n', "update t set a = 1 /* rid='a.b_C' */"],
  ['a', 'WITH x AS (SELECT 1) DELETE FROM t', "WITH x AS (SELECT 1) DELETE FROM t /* rid='a' */"],
  ['a', 'SELECT a FROM t', null],
  [null, 'DELETE FROM t', null],
  ['', 'DELETE FROM t', null],
  ["x' */ DROP TABLE t; /*", 'DELETE FROM t', null],
  ['x*/', 'DELETE FROM t', null],
  ['x\n', 'DELETE FROM t', null],
  ['x y', 'DELETE FROM t', null],
  ['x:y', 'DELETE FROM t', null],
  ['é', 'DELETE FROM t', null],
  ['x'.repeat(129), 'DELETE FROM t', null],
]

const expected = cases.map(([, sql, tagged]) => tagged ?? sql)
const input = JSON.stringify(cases.map(([id, sql]) => [id, sql]))
const fileOf = (path: string): string => join(packageRoot(), 'legacy-adapters', path)

const run = (command: string, ...args: readonly string[]): unknown =>
  JSON.parse(execFileSync(command, [...args], { input, encoding: 'utf8' }))

const php = `
error_reporting(-1);
set_error_handler(function ($level, $why) { throw new Exception($why); });
require $argv[1];
$done = array();
foreach (json_decode(stream_get_contents(STDIN)) as list($id, $sql)) {
    $_SERVER['HTTP_X_REQUEST_ID'] = $id;
    $done[] = request_tag($sql);
}
$_SERVER['HTTP_X_REQUEST_ID'] = 'r';
$pdo = new TaggedPdo('sqlite::memory:');
$pdo->exec('CREATE TABLE t (a)');
$pdo->exec('INSERT INTO t VALUES (1)');
$statement = $pdo->prepare('INSERT INTO t VALUES (?)');
$statement->execute(array(2));
$all = $pdo->query('SELECT a FROM t ORDER BY a', PDO::FETCH_COLUMN, 0)->fetchAll();
echo json_encode(array($done, $statement->queryString, array_map('strval', $all)));
`

const ruby = `
require 'json'
require ARGV[0]
done = JSON.parse($stdin.read).map { |id, sql| RequestTag.of(id) { RequestTag.tag(sql) } }
client = Class.new do
  def query(sql, options = {}) = [sql, options]
  def prepare(sql) = sql
end
client.prepend(RequestTag::Client)
puts JSON.generate([done, RequestTag.of('r') { client.new.query('DELETE FROM t', as: 1) }, RequestTag.of('r') { client.new.prepare('DELETE FROM t') }, RequestTag.tag('DELETE FROM t')])
`

describeWith({ php: await probePhp() }, 'request_tag.php', () => {
  it('names the request in what writes, and lets nothing else into SQL', () => {
    const file = fileOf('php/sample/lib/request_tag.php')
    assert.deepEqual(run('php', '-r', php, '--', file), [
      expected,
      "INSERT INTO t VALUES (?) /* rid='r' */",
      ['1', '2'],
    ])
  })
})

describeWith({ ruby: await probeRuby() }, 'request_tag.rb', () => {
  it('names the request in what writes, and lets nothing else into SQL', () => {
    const file = fileOf('ruby/sample/lib/request_tag.rb')
    assert.deepEqual(run('ruby', '-e', ruby, '--', file), [
      expected,
      ["DELETE FROM t /* rid='r' */", { as: 1 }],
      // Kept for later requests, it would name this one in theirs.
      'DELETE FROM t',
      'DELETE FROM t',
    ])
  })
})
