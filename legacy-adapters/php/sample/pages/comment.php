<?php
function comment_submit($slug)
{
    $user = require_session_user();
    check_csrf();
    $article = require_article($slug);
    $body = form_text('body');
    $error = text_error($body, '65535 bytes');
    if ($error === null) {
        query(
            'INSERT INTO comments (article_id, author_id, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
            array((int) $article['id'], (int) $user['id'], $body, now(), now())
        );
    }
    set_flash($error === null ? 'Your comment is posted.' : 'Your comment ' . $error . '.');
    redirect('/article/' . rawurlencode($slug) . '#comments');
}
