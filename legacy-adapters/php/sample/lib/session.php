<?php
/* PHP's own sessions. Every page has one, and gives a new visitor its cookie. */
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
    ini_set('session.gc_probability', '1'); // Debian's cron job knows nothing of this directory
    ini_set('session.gc_divisor', '1000');
    session_set_cookie_params(array('path' => '/', 'httponly' => true, 'samesite' => 'Lax'));
    session_start();
}

function session_user()
{
    return isset($_SESSION['user_id'])
        ? row('SELECT * FROM users WHERE id = ?', array((int) $_SESSION['user_id']))
        : null;
}

/* The user who is signed in, or the end of the request: strangers are sent to sign in first. */
function require_session_user()
{
    start_session();
    $user = session_user();
    if ($user === null) {
        set_flash('Sign in first.');
        redirect('/login');
    }
    return $user;
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
