<?php
/* To favor twice is to favor. */
function favorites_add($slug)
{
    $user = require_token_user();
    $article = require_article($slug);
    insert_once('favorites', array(
        'user_id' => (int) $user['id'],
        'article_id' => (int) $article['id'],
        'created_at' => now(),
    ));
    send_article($article, $user);
}

function favorites_remove($slug)
{
    $user = require_token_user();
    $article = require_article($slug);
    query(
        'DELETE FROM favorites WHERE user_id = ? AND article_id = ?',
        array((int) $user['id'], (int) $article['id'])
    );
    send_article($article, $user);
}
