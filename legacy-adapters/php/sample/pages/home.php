<?php
define('PAGE_SIZE', 10);

function home_page()
{
    $tag = query_text('tag');
    $filter = array('tag' => $tag);
    $count = count_articles($filter);
    $pages = max(1, (int) ceil($count / PAGE_SIZE));
    $page = max(1, min($pages, query_number('page', 1, 1000000)));
    $articles = find_articles($filter, PAGE_SIZE, ($page - 1) * PAGE_SIZE);
    $ids = array_column($articles, 'id');
    render('home', array(
        'title' => $tag === null ? 'Home' : 'Articles about ' . $tag,
        'tag' => $tag,
        'count' => $count,
        'page' => $page,
        'pages' => $pages,
        'articles' => $articles,
        'tags' => tags_of($ids),
        'favorites' => favorites_of($ids),
    ));
}

/* A link to a page of the list, the filter kept. */
function page_url($page, $tag)
{
    $query = http_build_query(array('tag' => $tag, 'page' => $page > 1 ? $page : null));
    return $query === '' ? '/' : '/?' . $query;
}
