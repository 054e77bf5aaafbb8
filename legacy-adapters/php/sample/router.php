<?php
/* For `php -S`: files below public/ are served as they are, all else goes to the front controller. */
$path = rawurldecode((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if (strpos($path, "\0") === false && $path !== '/' && substr($path, -4) !== '.php'
    && is_file(__DIR__ . '/public' . $path)) {
    return false;
}
require __DIR__ . '/public/index.php';
