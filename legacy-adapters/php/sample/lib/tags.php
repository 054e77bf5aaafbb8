<?php
define('TAG_LENGTH', 255);

/* Names as a client sends them: trimmed, without blank ones and repetitions. Null if it is no list
   of texts. */
function tag_list($names)
{
    if (!is_array($names)) {
        return null;
    }
    $list = array();
    foreach ($names as $name) {
        $name = is_string($name) ? preg_replace('/^[\s\x{FEFF}]+|[\s\x{FEFF}]+$/uD', '', $name) : null;
        if ($name === null || mb_strlen($name) > TAG_LENGTH) {
            return null;
        }
        if ($name !== '' && !in_array($name, $list, true)) {
            $list[] = $name;
        }
    }
    return $list;
}

/* The oldest, should there be two of a name. */
function tag_id($name)
{
    $id = value('SELECT id FROM tags WHERE name = ? ORDER BY id LIMIT 1', array($name));
    if ($id === false) {
        query('INSERT INTO tags (name) VALUES (?)', array($name));
        $id = db()->lastInsertId();
    }
    return (int) $id;
}

/* Gives a new article its tags. */
function tag_article($articleId, array $names)
{
    foreach ($names as $position => $name) {
        query(
            'INSERT INTO article_tags (article_id, tag_id, position) VALUES (?, ?, ?)',
            array($articleId, tag_id($name), $position)
        );
    }
}
