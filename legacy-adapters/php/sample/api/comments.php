<?php
define('COMMENT_SELECT', 'SELECT c.id, c.author_id, c.body, c.created_at, c.updated_at,
    u.username, u.bio, u.image FROM comments c JOIN users u ON u.id = c.author_id');

/* Oldest first. */
function comments_list($slug)
{
    $user = token_user();
    $article = require_article($slug);
    $comments = rows(COMMENT_SELECT . ' WHERE c.article_id = ? ORDER BY c.id', array((int) $article['id']));
    send_json(array('comments' => comments_json($comments, $user)));
}

function comments_create($slug)
{
    $user = require_token_user();
    $article = require_article($slug);
    $fields = json_fields('comment');
    check_errors(text_errors($fields, array('body' => '65535 bytes')));
    $now = now();
    query(
        'INSERT INTO comments (article_id, author_id, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
        array((int) $article['id'], (int) $user['id'], $fields['body'], $now, $now)
    );
    $comments = rows(COMMENT_SELECT . ' WHERE c.id = ?', array((int) db()->lastInsertId()));
    $list = comments_json($comments, $user);
    send_json(array('comment' => $list[0]));
}

/* Who wrote a comment may take it back; whose article it is may not. */
function comments_delete($slug, $id)
{
    $user = require_token_user();
    $article = require_article($slug);
    $comment = preg_match('/^\d+$/D', $id)
        ? row(
            'SELECT id, author_id FROM comments WHERE id = ? AND article_id = ?',
            array((int) $id, (int) $article['id'])
        )
        : null;
    if ($comment === null) {
        not_found('comment');
    }
    if ($comment['author_id'] !== $user['id']) {
        send_errors(403, array('comment' => array('forbidden')));
    }
    query('DELETE FROM comments WHERE id = ?', array((int) $comment['id']));
    send_nothing();
}

function comments_json(array $comments, $user)
{
    $authors = array_values(array_unique(array_column($comments, 'author_id')));
    $following = marked_by($user, 'follows', 'follower_id', 'followed_id', $authors);
    $list = array();
    foreach ($comments as $c) {
        $list[] = array(
            'id' => (int) $c['id'],
            'createdAt' => iso_time($c['created_at']),
            'updatedAt' => iso_time($c['updated_at']),
            'body' => $c['body'],
            'author' => profile_json($c, isset($following[$c['author_id']])),
        );
    }
    return $list;
}
