<?php
function articles_list()
{
    $user = token_user();
    send_articles($user, array(
        'tag' => query_text('tag'),
        'author' => query_text('author'),
        'favorited' => query_text('favorited'),
    ));
}

/* By those whom the caller follows. */
function articles_feed()
{
    $user = require_token_user();
    send_articles($user, array('follower' => (int) $user['id']));
}

function send_articles($user, array $filter)
{
    $articles = find_articles($filter, query_number('limit', 20, 100), query_number('offset', 0, 1000000));
    send_json(array(
        'articles' => articles_json($articles, $user, false),
        'articlesCount' => count_articles($filter),
    ));
}

function articles_get($slug)
{
    $user = token_user();
    send_article(require_article($slug), $user);
}

/* field => the most that its column holds */
function article_texts()
{
    return array('title' => '255 characters', 'description' => '65535 bytes', 'body' => null);
}

function articles_create()
{
    $user = require_token_user();
    $fields = json_fields('article');
    $errors = text_errors($fields, article_texts());
    $tags = array_key_exists('tagList', $fields) ? tag_list($fields['tagList']) : array();
    if ($tags === null) {
        $errors['tagList'] = array('is not valid');
    }
    check_errors($errors);
    $id = transaction(function () use ($user, $fields, $tags) {
        return insert_article($user, $fields, $tags);
    });
    send_article(find_article_by_id($id), $user, 201);
}

/* The id of the article. */
function insert_article(array $user, array $fields, array $tags)
{
    $now = now();
    query(
        'INSERT INTO articles (slug, author_id, title, description, body, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)',
        array(
            free_slug($fields['title']), (int) $user['id'],
            $fields['title'], $fields['description'], $fields['body'], $now, $now,
        )
    );
    $id = (int) db()->lastInsertId();
    tag_article($id, $tags);
    return $id;
}

/* What is not named stays. */
function articles_update($slug)
{
    $user = require_token_user();
    $article = require_own_article($slug, $user);
    $fields = json_fields('article');
    check_errors(text_errors($fields, array_intersect_key(article_texts(), $fields)));
    transaction(function () use ($article, $fields) {
        $new = array_merge($article, array_intersect_key($fields, article_texts()));
        $slug = $new['title'] === $article['title']
            ? $article['slug']
            : free_slug($new['title'], (int) $article['id']);
        query(
            'UPDATE articles SET slug = ?, title = ?, description = ?, body = ?, updated_at = ? WHERE id = ?',
            array($slug, $new['title'], $new['description'], $new['body'], now(), (int) $article['id'])
        );
    });
    send_article(find_article_by_id((int) $article['id']), $user);
}

function articles_delete($slug)
{
    $user = require_token_user();
    $article = require_own_article($slug, $user);
    transaction(function () use ($article) {
        foreach (array('comments', 'favorites', 'article_tags') as $table) {
            query("DELETE FROM $table WHERE article_id = ?", array((int) $article['id']));
        }
        query('DELETE FROM articles WHERE id = ?', array((int) $article['id']));
    });
    send_nothing();
}
