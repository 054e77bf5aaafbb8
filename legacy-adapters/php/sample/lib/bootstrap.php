<?php
define('APP_ROOT', dirname(__DIR__));

error_reporting(E_ALL);
ini_set('display_errors', '0');
ini_set('log_errors', '1');
date_default_timezone_set('UTC');
mb_internal_encoding('UTF-8');

require_once APP_ROOT . '/lib/request_tag.php';
require_once APP_ROOT . '/lib/database.php';
require_once APP_ROOT . '/lib/http.php';
require_once APP_ROOT . '/lib/input.php';
require_once APP_ROOT . '/lib/jwt.php';
require_once APP_ROOT . '/lib/auth.php';
require_once APP_ROOT . '/lib/articles.php';
require_once APP_ROOT . '/lib/tags.php';
require_once APP_ROOT . '/lib/slug.php';
require_once APP_ROOT . '/lib/session.php';
require_once APP_ROOT . '/lib/view.php';

set_exception_handler('fail');
