<?php
/* One connection a request. DATABASE_URL is sqlite:/file or mysql://user:password@host:port/name. */
function db()
{
    static $pdo = null;
    if ($pdo === null) {
        $url = (string) getenv('DATABASE_URL');
        $pdo = strpos($url, 'sqlite:') === 0 ? open_sqlite($url) : open_mysql($url);
    }
    return $pdo;
}

function pdo_options()
{
    return array(
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
        PDO::ATTR_STRINGIFY_FETCHES => true, // numbers come as strings on every driver and version
        PDO::ATTR_TIMEOUT => 5,              // seconds; for SQLite, how long to wait for a lock
    );
}

function open_sqlite($url)
{
    return new TaggedPdo($url, null, null, pdo_options());
}

function open_mysql($url)
{
    $parts = parse_url($url);
    if ($parts === false || !isset($parts['scheme'], $parts['host'], $parts['path'])
        || $parts['scheme'] !== 'mysql') {
        throw new RuntimeException('DATABASE_URL must be sqlite:/file or mysql://user@host/name');
    }
    $dsn = sprintf(
        'mysql:host=%s;port=%d;dbname=%s;charset=utf8mb4',
        $parts['host'],
        isset($parts['port']) ? $parts['port'] : 3306,
        ltrim($parts['path'], '/')
    );
    $user = isset($parts['user']) ? rawurldecode($parts['user']) : '';
    $password = isset($parts['pass']) ? rawurldecode($parts['pass']) : '';
    return new TaggedPdo($dsn, $user, $password, pdo_options());
}

function query($sql, array $values = array())
{
    $statement = db()->prepare($sql);
    foreach (array_values($values) as $i => $value) {
        $statement->bindValue($i + 1, $value, is_int($value) ? PDO::PARAM_INT : PDO::PARAM_STR);
    }
    $statement->execute();
    return $statement;
}

function rows($sql, array $values = array())
{
    return query($sql, $values)->fetchAll();
}

/* The first row, or null. */
function row($sql, array $values = array())
{
    $row = query($sql, $values)->fetch();
    return $row === false ? null : $row;
}

/* The first column of the first row. */
function value($sql, array $values = array())
{
    return query($sql, $values)->fetchColumn();
}

/* "?, ?, ?" for an IN list. */
function placeholders(array $values)
{
    return implode(', ', array_fill(0, count($values), '?'));
}

/* The time as all tables have it. */
function now()
{
    return gmdate('Y-m-d H:i:s');
}

/* Runs $work as a whole or not at all; what it returns. SQLite is asked for its lock first: a reader
   that becomes a writer later may find that it cannot. Where another one was faster it is done again,
   and then sees what the other one did. */
function transaction($work)
{
    for ($tries = 1; ; $tries++) {
        try {
            return try_transaction($work);
        } catch (PDOException $e) {
            // 23000: a unique key is taken; 40001: a deadlock
            if ($tries === 10 || !in_array($e->getCode(), array('23000', '40001'), true)) {
                throw $e;
            }
        }
    }
}

function try_transaction($work)
{
    $isSqlite = db()->getAttribute(PDO::ATTR_DRIVER_NAME) === 'sqlite';
    db()->exec($isSqlite ? 'BEGIN IMMEDIATE' : 'START TRANSACTION');
    try {
        $result = call_user_func($work);
        db()->exec('COMMIT');
    } catch (Exception $e) {
        db()->exec('ROLLBACK');
        throw $e;
    }
    return $result;
}

/* Inserts a row of unique keys, unless it is there. */
function insert_once($table, array $row)
{
    $columns = implode(', ', array_keys($row));
    try {
        query("INSERT INTO $table ($columns) VALUES (" . placeholders($row) . ')', $row);
    } catch (PDOException $e) {
        if ($e->getCode() !== '23000') {
            throw $e;
        }
    }
}
