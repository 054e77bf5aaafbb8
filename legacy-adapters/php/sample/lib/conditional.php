<?php
/* Sends bytes as a file server does: validators, "not modified", and a part of it when asked. */

function send_cachable($bytes, $type, $changed)
{
    $etag = '"' . md5($bytes) . '"';
    header('Content-Type: ' . $type); // with 304, too: PHP would call it text/html
    header('X-Content-Type-Options: nosniff');
    header('ETag: ' . $etag);
    header('Last-Modified: ' . http_date($changed));
    header('Cache-Control: public, max-age=60');
    header('Accept-Ranges: bytes');
    if (is_not_modified($etag, $changed)) {
        http_response_code(304);
        return;
    }
    $range = is_range_wanted($etag, $changed) ? byte_range($_SERVER['HTTP_RANGE'], strlen($bytes)) : null;
    if ($range === false) {
        send_unsatisfiable(strlen($bytes));
    } elseif ($range === null) {
        header('Content-Length: ' . strlen($bytes));
        echo $bytes;
    } else {
        send_part($bytes, $range);
    }
}

function send_part($bytes, array $range)
{
    list($first, $last) = $range;
    http_response_code(206);
    header("Content-Range: bytes $first-$last/" . strlen($bytes));
    header('Content-Length: ' . ($last - $first + 1));
    echo substr($bytes, $first, $last - $first + 1);
}

function send_unsatisfiable($length)
{
    http_response_code(416);
    header('Content-Type: text/plain; charset=utf-8');
    header('Content-Range: bytes */' . $length);
    echo "There is no such part.\n";
}

function http_date($time)
{
    return gmdate('D, d M Y H:i:s', $time) . ' GMT';
}

/* If-None-Match decides; If-Modified-Since only where the former is absent. */
function is_not_modified($etag, $changed)
{
    if (isset($_SERVER['HTTP_IF_NONE_MATCH'])) {
        $known = array_map('trim', explode(',', $_SERVER['HTTP_IF_NONE_MATCH']));
        return in_array('*', $known, true) || in_array($etag, $known, true) || in_array('W/' . $etag, $known, true);
    }
    $since = isset($_SERVER['HTTP_IF_MODIFIED_SINCE']) ? strtotime($_SERVER['HTTP_IF_MODIFIED_SINCE']) : false;
    return $since !== false && $changed <= $since;
}

/* Only GET has parts, and If-Range wants them of this very version. */
function is_range_wanted($etag, $changed)
{
    if ($_SERVER['REQUEST_METHOD'] !== 'GET' || !isset($_SERVER['HTTP_RANGE'])) {
        return false;
    }
    return !isset($_SERVER['HTTP_IF_RANGE'])
        || in_array($_SERVER['HTTP_IF_RANGE'], array($etag, http_date($changed)), true);
}

/* First and last byte of `bytes=0-99`, `bytes=100-` or `bytes=-100`. False: beyond the end. Null:
   several parts or no range at all, for which the whole is a good answer. */
function byte_range($header, $length)
{
    if (!preg_match('/^bytes *= *(\d*) *- *(\d*)$/iD', $header, $m) || $m[1] . $m[2] === '') {
        return null;
    }
    if ($m[1] === '') {
        return (int) $m[2] > 0 ? array(max(0, $length - (int) $m[2]), $length - 1) : false;
    }
    $first = (int) $m[1];
    $last = $m[2] === '' ? $length - 1 : (int) $m[2];
    if ($last < $first) {
        return $m[2] === '' ? false : null;
    }
    return $first < $length ? array($first, min($last, $length - 1)) : false;
}
