<?php
/* Conduit, the front controller: every page and every API call comes in here. */
require_once dirname(__DIR__) . '/lib/bootstrap.php';

dispatch(require APP_ROOT . '/routes.php', $_SERVER['REQUEST_METHOD'], request_path());
