<?php
function articles_list()
{
    $user = token_user();
    $filter = array(
        'tag' => query_text('tag'),
        'author' => query_text('author'),
        'favorited' => query_text('favorited'),
    );
    $articles = find_articles($filter, query_number('limit', 20, 100), query_number('offset', 0, 1000000));
    send_json(array(
        'articles' => articles_json($articles, $user, false),
        'articlesCount' => count_articles($filter),
    ));
}

function articles_get($slug)
{
    $user = token_user();
    $article = find_article($slug);
    if ($article === null) {
        not_found('article');
    }
    $list = articles_json(array($article), $user, true);
    send_json(array('article' => $list[0]));
}
