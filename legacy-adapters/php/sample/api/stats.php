<?php
/* Numbers as the driver gives them: strings. Views go past what a float can hold. */
function stats_get()
{
    $articles = value('SELECT COUNT(*) FROM articles');
    $favorites = value('SELECT COUNT(*) FROM favorites');
    send_json(array(
        'articles' => $articles,
        'comments' => value('SELECT COUNT(*) FROM comments'),
        'views' => value('SELECT COALESCE(SUM(view_count), 0) FROM articles'),
        'averageFavorites' => number_format($articles > 0 ? $favorites / $articles : 0, 4, '.', ''),
    ));
}
