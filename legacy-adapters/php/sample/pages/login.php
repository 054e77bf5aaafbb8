<?php
function login_form()
{
    start_session();
    $email = isset($_COOKIE['last_email']) && is_string($_COOKIE['last_email']) ? $_COOKIE['last_email'] : '';
    render('login', array('title' => 'Sign in', 'email' => $email, 'error' => null));
}

function login_submit()
{
    start_session();
    check_csrf();
    $email = form_text('email');
    $user = password_user($email, form_text('password'));
    if ($user === null) {
        $data = array('title' => 'Sign in', 'email' => $email, 'error' => 'E-mail or password is wrong.');
        render('login', $data, 422);
        return;
    }
    session_regenerate_id(true);
    $_SESSION['user_id'] = (int) $user['id'];
    unset($_SESSION['csrf']);
    set_flash('Welcome back, ' . $user['username'] . '.');
    setcookie('last_email', $user['email'], array('expires' => time() + 30 * 86400, 'path' => '/login'));
    redirect('/');
}

function logout_submit()
{
    start_session();
    check_csrf();
    $_SESSION = array();
    session_regenerate_id(true);
    set_flash('You are signed out.');
    redirect('/');
}
