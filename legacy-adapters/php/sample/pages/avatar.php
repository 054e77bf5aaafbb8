<?php
require_once APP_ROOT . '/lib/avatars.php';
require_once APP_ROOT . '/lib/conditional.php';

function avatar_submit()
{
    $user = require_session_user();
    if (!$_POST && !$_FILES && !empty($_SERVER['CONTENT_LENGTH'])) {
        // PHP throws away the whole form, its token too, if it is over post_max_size.
        set_flash('The picture is far too large.');
        redirect('/settings');
    }
    check_csrf();
    $file = isset($_FILES['avatar']) ? $_FILES['avatar'] : null;
    $fault = avatar_fault($file);
    if ($fault !== null) {
        set_flash($fault);
        redirect('/settings');
    }
    store_avatar($user['id'], $file);
    query(
        'UPDATE users SET image = ?, updated_at = ? WHERE id = ?',
        array('/avatar/' . $user['id'], now(), (int) $user['id'])
    );
    set_flash('“' . shown_file_name($file['name']) . '” is your picture from now on.');
    redirect('/settings');
}

/* No session here: a picture is the same for everybody, and caches may keep it. */
function avatar_show($id)
{
    $handle = preg_match('/^[1-9]\d{0,8}$/D', $id) ? @fopen(avatar_path($id), 'rb') : false;
    if ($handle === false) {
        not_found('avatar');
    }
    $bytes = stream_get_contents($handle);
    $about = fstat($handle);
    send_cachable($bytes, (string) avatar_type($bytes), $about['mtime']);
}
