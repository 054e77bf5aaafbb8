<?php
/* The user of the Authorization header; null without one, and for a bad one. */
function token_user()
{
    $header = isset($_SERVER['HTTP_AUTHORIZATION']) ? $_SERVER['HTTP_AUTHORIZATION'] : '';
    if (!preg_match('/^(?:Token|Bearer) +(\S+)$/iD', $header, $matches)) {
        return null;
    }
    $claims = jwt_claims($matches[1], (string) getenv('JWT_SECRET'), time());
    if ($claims === null || !isset($claims['id']) || !is_int($claims['id'])) {
        return null;
    }
    return row('SELECT * FROM users WHERE id = ?', array($claims['id']));
}

/* The user of the Authorization header, or the end of the request. */
function require_token_user()
{
    $user = token_user();
    if ($user === null) {
        $missing = empty($_SERVER['HTTP_AUTHORIZATION']);
        send_errors(401, array('token' => array($missing ? 'is missing' : 'is invalid')));
    }
    return $user;
}

/* The user with this e-mail address and password, or null. */
function password_user($email, $password)
{
    $user = row('SELECT * FROM users WHERE email = ?', array($email));
    return $user !== null && password_verify($password, $user['password']) ? $user : null;
}
