<?php
/* Pictures of the users: one file each, beside the sessions, named by the number of the user. */
define('AVATAR_BYTES', 512 * 1024);
define('AVATAR_PIXELS', 2048);

function avatar_path($userId)
{
    return dirname((string) getenv('SESSION_PATH')) . '/avatars/' . (int) $userId;
}

/* The media type of a picture, by its own bytes; null if it is none that browsers have always known. */
function avatar_type($bytes)
{
    $types = array(IMAGETYPE_GIF => 'image/gif', IMAGETYPE_JPEG => 'image/jpeg', IMAGETYPE_PNG => 'image/png');
    $size = @getimagesizefromstring($bytes);
    if ($size === false || !isset($types[$size[2]]) || max($size[0], $size[1]) > AVATAR_PIXELS) {
        return null;
    }
    return $types[$size[2]];
}

/* What is wrong with an entry of $_FILES, as a sentence; null if nothing is. */
function avatar_fault($file)
{
    $large = 'A picture may have ' . AVATAR_BYTES / 1024 . ' KB at most.';
    if (!is_array($file) || !is_int($file['error']) || $file['error'] === UPLOAD_ERR_NO_FILE) {
        return 'Choose a picture first.';
    }
    if (in_array($file['error'], array(UPLOAD_ERR_INI_SIZE, UPLOAD_ERR_FORM_SIZE), true)) {
        return $large;
    }
    if ($file['error'] !== UPLOAD_ERR_OK || !is_uploaded_file($file['tmp_name'])) {
        return 'The upload was cut short. Try again.';
    }
    if ($file['size'] > AVATAR_BYTES) {
        return $large;
    }
    return avatar_type(file_get_contents($file['tmp_name'])) === null
        ? 'Only GIF, JPEG and PNG pictures of ' . AVATAR_PIXELS . ' pixels at most will do.'
        : null;
}

/* Puts the new picture in the old one's place at once: nobody is ever shown half of one. */
function store_avatar($userId, $file)
{
    $path = avatar_path($userId);
    if (!is_dir(dirname($path))) {
        @mkdir(dirname($path), 0700, true);
    }
    $new = $path . '.' . bin2hex(random_bytes(8));
    if (!move_uploaded_file($file['tmp_name'], $new) || !rename($new, $path)) {
        throw new RuntimeException('cannot store the picture as ' . $path);
    }
}

/* The name that a visitor's computer has for a file, fit to be shown. It is used for nothing else. */
function shown_file_name($name)
{
    if (!is_string($name) || !mb_check_encoding($name, 'UTF-8')) {
        return 'picture';
    }
    return mb_strimwidth(preg_replace('/[\x00-\x1f\x7f]/', '', $name), 0, 60, '…');
}
