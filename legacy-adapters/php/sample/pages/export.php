<?php
require_once APP_ROOT . '/lib/csv.php';

define('EXPORT_STEP', 200);

/* Every article, a row as soon as it is read. In steps: a reader that is slow must not hold a lock of
   the database for as long as it likes. */
function export_csv()
{
    if (PHP_SAPI === 'wasm') {
        http_response_code(501);
        header('Content-Type: text/plain; charset=utf-8');
        echo "The export streams row by row, and this server hands over whole answers only.\n";
        return;
    }
    header('Content-Type: text/csv; charset=utf-8');
    header('Content-Disposition: attachment; filename="articles.csv"');
    if ($_SERVER['REQUEST_METHOD'] === 'HEAD') {
        return;
    }
    set_time_limit(0);
    while (ob_get_level() > 0) {
        ob_end_flush();
    }
    $columns = array('slug', 'title', 'author', 'created_at', 'updated_at', 'views', 'favorites', 'tags',
        'description', 'body');
    echo csv_line($columns);
    $last = 0;
    while ($articles = articles_after($last, EXPORT_STEP)) {
        export_rows($articles);
        flush();
        $last = (int) end($articles)['id'];
    }
}

function articles_after($id, $limit)
{
    $sql = 'SELECT ' . ARTICLE_COLUMNS . ' FROM ' . ARTICLE_TABLES . ' WHERE a.id > ? ORDER BY a.id LIMIT ?';
    return rows($sql, array($id, $limit));
}

function export_rows(array $articles)
{
    $ids = array_column($articles, 'id');
    $tags = tags_of($ids);
    $favorites = favorites_of($ids);
    foreach ($articles as $a) {
        echo csv_line(array($a['slug'], $a['title'], $a['username'], $a['created_at'], $a['updated_at'],
            $a['view_count'], $favorites[$a['id']], implode(' | ', $tags[$a['id']]), $a['description'],
            $a['body']));
    }
}
