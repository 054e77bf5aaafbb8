<?php
function h($text)
{
    return htmlspecialchars((string) $text, ENT_QUOTES, 'UTF-8');
}

/* 9007199254740993 as 9,007,199,254,740,993. number_format() would make a float of it. */
function grouped($digits)
{
    return preg_replace('/\B(?=(\d{3})+$)/', ',', (string) $digits);
}

/* An <img> for a user's picture; nothing for none, for what is no address, and where there is none. */
function picture($url)
{
    return preg_match('#^(https?://|/avatar/)#i', (string) $url)
        ? '<img class="picture" src="' . h($url) . '" alt="" onerror="this.style.display=\'none\'">'
        : '';
}

/* Renders a template inside the layout. */
function render($template, array $data, $status = 200)
{
    start_session();
    $data += array('user' => session_user(), 'flash' => take_flash());
    extract($data);
    ob_start();
    require APP_ROOT . '/templates/' . $template . '.php';
    $content = ob_get_clean();
    http_response_code($status);
    header('Content-Type: text/html; charset=utf-8');
    require APP_ROOT . '/templates/layout.php';
}
