<?php
/* Numbers as the driver gives them: strings. Views go past what a float can hold. */
function stats_get()
{
    $articles = value('SELECT COUNT(*) FROM articles');
    $favorites = value('SELECT COUNT(*) FROM favorites');
    $stats = array(
        'articles' => $articles,
        'comments' => value('SELECT COUNT(*) FROM comments'),
        'views' => value('SELECT COALESCE(SUM(view_count), 0) FROM articles'),
        'averageFavorites' => number_format($articles > 0 ? $favorites / $articles : 0, 4, '.', ''),
    );
    $author = query_text('tagsOf');
    if ($author !== null) {
        $stats['tags'] = tag_counts($author);
    }
    send_json($stats);
}

/* tag => how many articles of this author have it */
function tag_counts($author)
{
    $sql = 'SELECT t.name, COUNT(*) FROM articles a
        JOIN users u ON u.id = a.author_id
        JOIN article_tags x ON x.article_id = a.id
        JOIN tags t ON t.id = x.tag_id
        WHERE u.username = ? GROUP BY t.name ORDER BY t.name';
    return query($sql, array($author))->fetchAll(PDO::FETCH_KEY_PAIR);
}
