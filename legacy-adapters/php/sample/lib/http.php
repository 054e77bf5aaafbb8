<?php
function request_path()
{
    $path = strtok($_SERVER['REQUEST_URI'], '?');
    return $path === false ? '/' : rawurldecode($path);
}

/* Is this a call of the API? Then errors are JSON. */
function is_api()
{
    return strpos(request_path(), '/api/') === 0;
}

function dispatch(array $routes, $method, $path)
{
    $method = $method === 'HEAD' ? 'GET' : $method;
    if (!mb_check_encoding($path, 'UTF-8')) {
        not_found('route');
    }
    foreach ($routes as $route) {
        list($routeMethod, $pattern, $file, $function) = $route;
        $regex = '#^' . preg_replace('#:[a-z]+#', '([^/]+)', $pattern) . '$#D';
        if ($routeMethod === $method && preg_match($regex, $path, $matches)) {
            require_once APP_ROOT . '/' . $file;
            call_user_func_array($function, array_slice($matches, 1));
            return;
        }
    }
    not_found('route');
}

/* A query parameter as text; empty, `?tag[]=x` and broken UTF-8 count as absent. */
function query_text($name)
{
    $text = isset($_GET[$name]) && is_string($_GET[$name]) ? $_GET[$name] : '';
    return $text !== '' && mb_check_encoding($text, 'UTF-8') ? $text : null;
}

/* A query parameter as a whole number from 0 to $most; anything else is the default. */
function query_number($name, $default, $most)
{
    $text = query_text($name);
    return $text !== null && preg_match('/^\d+$/D', $text) ? min((int) $text, $most) : $default;
}

function form_text($name)
{
    $text = isset($_POST[$name]) && is_string($_POST[$name]) ? $_POST[$name] : '';
    return mb_check_encoding($text, 'UTF-8') ? $text : '';
}

function send_json($data, $status = 200)
{
    $json = json_encode($data);
    if ($json === false) {
        throw new RuntimeException('cannot encode the answer: ' . json_last_error_msg());
    }
    http_response_code($status);
    header('Content-Type: application/json; charset=utf-8');
    echo $json;
}

function send_errors($status, array $errors)
{
    send_json(array('errors' => $errors), $status);
    exit;
}

/* 204. PHP would give even nothing a type. */
function send_nothing()
{
    ini_set('default_mimetype', '');
    http_response_code(204);
}

function not_found($what)
{
    if (is_api()) {
        send_errors(404, array($what => array('not found')));
    }
    render('not_found', array('title' => 'Not found'), 404);
    exit;
}

function redirect($to)
{
    header('Location: ' . $to, true, 302);
    exit;
}

/* The last resort for whatever was thrown. */
function fail($error)
{
    error_log($error->getMessage() . ' at ' . $error->getFile() . ':' . $error->getLine());
    http_response_code(500);
    if (is_api()) {
        header('Content-Type: application/json; charset=utf-8');
        echo json_encode(array('errors' => array('server' => array('failed'))));
        return;
    }
    header('Content-Type: text/html; charset=utf-8');
    echo '<!DOCTYPE html><title>Error</title><h1>Something went wrong</h1>';
}
