<?php
function article_page($slug)
{
    $article = find_article($slug);
    if ($article === null) {
        not_found('article');
    }
    $tags = tags_of(array($article['id']));
    $favorites = favorites_of(array($article['id']));
    render('article', array(
        'title' => $article['title'],
        'article' => $article,
        'tags' => $tags[$article['id']],
        'favorites' => $favorites[$article['id']],
        'comments' => rows(
            'SELECT c.body, c.created_at, u.username, u.image FROM comments c JOIN users u ON u.id = c.author_id
             WHERE c.article_id = ? ORDER BY c.created_at, c.id',
            array($article['id'])
        ),
    ));
}
