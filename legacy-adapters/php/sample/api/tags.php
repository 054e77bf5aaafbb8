<?php
/* In whatever order the database has them. */
function tags_list()
{
    send_json(array('tags' => query('SELECT name FROM tags')->fetchAll(PDO::FETCH_COLUMN)));
}
