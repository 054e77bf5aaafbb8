<?php
define('SLUG_LENGTH', 150);

/* "Crème brûlée, twice!" as "crème-brûlée-twice". */
function make_slug($title)
{
    $slug = preg_replace('/[^\p{L}\p{N}\p{M}]+/u', '-', mb_strtolower($title));
    $slug = trim(mb_substr(trim($slug, '-'), 0, SLUG_LENGTH), '-');
    return $slug === '' ? 'article' : $slug;
}

/* The slug of a title, numbered from 2 on where other articles have it already. */
function free_slug($title, $articleId = 0)
{
    $slug = make_slug($title);
    $free = $slug;
    for ($n = 2; value('SELECT 1 FROM articles WHERE slug = ? AND id <> ?', array($free, $articleId)); $n++) {
        $free = $slug . '-' . $n;
    }
    return $free;
}
