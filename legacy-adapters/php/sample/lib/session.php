<?php
/* PHP's own sessions. A visitor gets one at the login form, not before. */
function start_session()
{
    if (session_status() === PHP_SESSION_ACTIVE) {
        return;
    }
    $path = getenv('SESSION_PATH');
    if ($path !== false && $path !== '') {
        session_save_path($path);
    }
    ini_set('session.use_strict_mode', '1');
    session_set_cookie_params(array('path' => '/', 'httponly' => true, 'samesite' => 'Lax'));
    session_start();
}

/* Goes on with the session that the cookie names, if there is one. */
function resume_session()
{
    if (isset($_COOKIE[session_name()])) {
        start_session();
    }
}

function session_user()
{
    return isset($_SESSION['user_id'])
        ? row('SELECT * FROM users WHERE id = ?', array((int) $_SESSION['user_id']))
        : null;
}

function csrf_token()
{
    if (!isset($_SESSION['csrf'])) {
        $_SESSION['csrf'] = bin2hex(random_bytes(16));
    }
    return $_SESSION['csrf'];
}

/* Ends the request unless the form carries the token of this session. */
function check_csrf()
{
    if (!isset($_SESSION['csrf']) || !hash_equals($_SESSION['csrf'], form_text('csrf'))) {
        render('forbidden', array('title' => 'Forbidden'), 403);
        exit;
    }
}

function set_flash($message)
{
    $_SESSION['flash'] = $message;
}

/* The message for this page; it is shown once. */
function take_flash()
{
    $message = isset($_SESSION['flash']) ? $_SESSION['flash'] : null;
    unset($_SESSION['flash']);
    return $message;
}
