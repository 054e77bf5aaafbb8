<?php
define('ARTICLE_COLUMNS', 'a.id, a.slug, a.title, a.description, a.body, a.view_count, a.created_at,
    a.updated_at, a.author_id, u.username, u.bio, u.image');
define('ARTICLE_TABLES', 'articles a JOIN users u ON u.id = a.author_id');

/* A time of the database as ISO 8601 with milliseconds. */
function iso_time($text)
{
    return str_replace(' ', 'T', $text) . '.000Z';
}

/* The WHERE clause for tag, author and favorited (a user name), with its values. */
function article_filter(array $filter)
{
    $known = array(
        'tag' => 'a.id IN (SELECT x.article_id FROM article_tags x JOIN tags t ON t.id = x.tag_id
            WHERE t.name = ?)',
        'author' => 'u.username = ?',
        'favorited' => 'a.id IN (SELECT f.article_id FROM favorites f JOIN users v ON v.id = f.user_id
            WHERE v.username = ?)',
        'follower' => 'a.author_id IN (SELECT w.followed_id FROM follows w WHERE w.follower_id = ?)',
    );
    $conditions = array();
    $values = array();
    foreach ($known as $name => $condition) {
        if (isset($filter[$name])) {
            $conditions[] = $condition;
            $values[] = $filter[$name];
        }
    }
    return array($conditions ? 'WHERE ' . implode(' AND ', $conditions) : '', $values);
}

function count_articles(array $filter)
{
    list($where, $values) = article_filter($filter);
    return (int) value('SELECT COUNT(*) FROM ' . ARTICLE_TABLES . ' ' . $where, $values);
}

/* Newest first. */
function find_articles(array $filter, $limit, $offset)
{
    list($where, $values) = article_filter($filter);
    $sql = 'SELECT ' . ARTICLE_COLUMNS . ' FROM ' . ARTICLE_TABLES . ' ' . $where
        . ' ORDER BY a.created_at DESC, a.id DESC LIMIT ? OFFSET ?';
    return rows($sql, array_merge($values, array($limit, $offset)));
}

/* The article with this slug; the oldest, should there be two. */
function find_article($slug)
{
    $sql = 'SELECT ' . ARTICLE_COLUMNS . ' FROM ' . ARTICLE_TABLES
        . ' WHERE a.slug = ? ORDER BY a.id LIMIT 1';
    return row($sql, array($slug));
}

function find_article_by_id($id)
{
    return row('SELECT ' . ARTICLE_COLUMNS . ' FROM ' . ARTICLE_TABLES . ' WHERE a.id = ?', array($id));
}

/* The article with this slug, or the end of the request. */
function require_article($slug)
{
    $article = find_article($slug);
    if ($article === null) {
        not_found('article');
    }
    return $article;
}

/* The article with this slug if the user wrote it, or the end of the request. */
function require_own_article($slug, array $user)
{
    $article = require_article($slug);
    if ($article['author_id'] !== $user['id']) {
        send_errors(403, array('article' => array('forbidden')));
    }
    return $article;
}

/* article id => names of its tags, in the author's order */
function tags_of(array $ids)
{
    $tags = array_fill_keys($ids, array());
    if ($ids) {
        $sql = 'SELECT x.article_id, t.name FROM article_tags x JOIN tags t ON t.id = x.tag_id
            WHERE x.article_id IN (' . placeholders($ids) . ') ORDER BY x.article_id, x.position';
        foreach (rows($sql, $ids) as $row) {
            $tags[$row['article_id']][] = $row['name'];
        }
    }
    return $tags;
}

/* article id => how many favor it */
function favorites_of(array $ids)
{
    $counts = array_fill_keys($ids, 0);
    if ($ids) {
        $sql = 'SELECT article_id, COUNT(*) AS n FROM favorites
            WHERE article_id IN (' . placeholders($ids) . ') GROUP BY article_id';
        foreach (rows($sql, $ids) as $row) {
            $counts[$row['article_id']] = (int) $row['n'];
        }
    }
    return $counts;
}

/* The subset of $ids in $column of $table that belongs to the user, as id => true. */
function marked_by($user, $table, $owner, $column, array $ids)
{
    if ($user === null || !$ids) {
        return array();
    }
    $sql = "SELECT $column FROM $table WHERE $owner = ? AND $column IN (" . placeholders($ids) . ')';
    $found = query($sql, array_merge(array($user['id']), $ids))->fetchAll(PDO::FETCH_COLUMN);
    return array_fill_keys($found, true);
}

function profile_json(array $row, $following)
{
    return array(
        'username' => $row['username'],
        'bio' => $row['bio'],
        'image' => $row['image'],
        'following' => $following,
    );
}

/* Rows of find_articles() as the API shows them to $user. */
function articles_json(array $articles, $user, $withBody)
{
    $ids = array_column($articles, 'id');
    $tags = tags_of($ids);
    $counts = favorites_of($ids);
    $favorited = marked_by($user, 'favorites', 'user_id', 'article_id', $ids);
    $authors = array_values(array_unique(array_column($articles, 'author_id')));
    $following = marked_by($user, 'follows', 'follower_id', 'followed_id', $authors);
    $list = array();
    foreach ($articles as $a) {
        $json = array('slug' => $a['slug'], 'title' => $a['title'], 'description' => $a['description']);
        if ($withBody) {
            $json['body'] = $a['body'];
        }
        $list[] = $json + array(
            'tagList' => $tags[$a['id']],
            'createdAt' => iso_time($a['created_at']),
            'updatedAt' => iso_time($a['updated_at']),
            'favorited' => isset($favorited[$a['id']]),
            'favoritesCount' => $counts[$a['id']],
            'author' => profile_json($a, isset($following[$a['author_id']])),
        );
    }
    return $list;
}

/* One article, whole. */
function send_article(array $article, $user, $status = 200)
{
    $list = articles_json(array($article), $user, true);
    send_json(array('article' => $list[0]), $status);
}
