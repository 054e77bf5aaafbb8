<?php
/* field => the most that its column holds */
define('SETTINGS', array(
    'username' => '255 characters',
    'email' => '255 characters',
    'image' => '1000 characters',
    'bio' => '65535 bytes',
));

function settings_form()
{
    $user = require_session_user();
    show_settings(array_intersect_key($user, SETTINGS), array(), 200);
}

function settings_submit()
{
    $user = require_session_user();
    check_csrf();
    $given = array();
    foreach (array_keys(SETTINGS) as $field) {
        $given[$field] = form_text($field);
    }
    $errors = settings_errors($given, $user);
    if (!$errors && !save_settings($given, $user)) {
        $errors = settings_errors($given, $user); // somebody was faster
    }
    if ($errors) {
        show_settings($given, $errors, 422);
        return;
    }
    set_flash('Your settings are saved.');
    redirect('/settings');
}

function show_settings(array $values, array $errors, $status)
{
    $data = array('title' => 'Your settings', 'values' => $values, 'errors' => $errors);
    render('settings', $data, $status);
}

/* field => messages */
function settings_errors(array $given, array $user)
{
    $filled = array_filter($given, 'strlen') + array_intersect_key($given, array('username' => 1, 'email' => 1));
    $errors = text_errors($filled, array_intersect_key(SETTINGS, $filled));
    foreach (array_diff(array('username', 'email'), array_keys($errors)) as $field) {
        if (value("SELECT 1 FROM users WHERE $field = ? AND id <> ?", array($given[$field], (int) $user['id']))) {
            $errors[$field] = array('has already been taken');
        }
    }
    if (!isset($errors['email']) && strpos($given['email'], '@') === false) {
        $errors['email'] = array('is not valid');
    }
    return $errors;
}

/* False if somebody else has the name or the address since a moment ago. */
function save_settings(array $given, array $user)
{
    $sql = 'UPDATE users SET username = ?, email = ?, image = ?, bio = ?, updated_at = ? WHERE id = ?';
    $image = $given['image'] === '' ? null : $given['image'];
    $bio = $given['bio'] === '' ? null : $given['bio'];
    try {
        query($sql, array($given['username'], $given['email'], $image, $bio, now(), (int) $user['id']));
    } catch (PDOException $e) {
        if ($e->getCode() === '23000') {
            return false;
        }
        throw $e;
    }
    return true;
}
