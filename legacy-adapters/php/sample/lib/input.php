<?php
/* What clients send as JSON, whatever the Content-Type says. */
define('MOST_BYTES', 8 * 1024 * 1024);

/* The fields of the object with this name; none where there is no such object. Ends the request
   when the body is no JSON. */
function json_fields($name)
{
    if (isset($_SERVER['CONTENT_LENGTH']) && (float) $_SERVER['CONTENT_LENGTH'] > MOST_BYTES) {
        send_errors(413, array('body' => array('is too large')));
    }
    $data = json_decode(file_get_contents('php://input'));
    if (json_last_error() !== JSON_ERROR_NONE) {
        send_errors(400, array('body' => array('is not valid JSON')));
    }
    return is_object($data) && isset($data->$name) && is_object($data->$name)
        ? get_object_vars($data->$name)
        : array();
}

/* What is wrong with a text that must be there, or null. $most is "255 characters" or "65535 bytes",
   as the column has it; null where nothing is too long. */
function text_error($text, $most)
{
    if (!is_string($text) || !preg_match('/[^\s\x{FEFF}]/u', $text)) {
        return "can't be blank";
    }
    if ($most !== null) {
        list($number, $unit) = explode(' ', $most);
        $length = $unit === 'bytes' ? strlen($text) : mb_strlen($text);
        if ($length > $number) {
            return "is too long (maximum is $most)";
        }
    }
    return null;
}

/* field => messages. $known is field => most, see text_error(). */
function text_errors(array $fields, array $known)
{
    $errors = array();
    foreach ($known as $name => $most) {
        $error = text_error(isset($fields[$name]) ? $fields[$name] : null, $most);
        if ($error !== null) {
            $errors[$name] = array($error);
        }
    }
    return $errors;
}

/* Ends the request if there are any. */
function check_errors(array $errors)
{
    if ($errors) {
        send_errors(422, $errors);
    }
}
