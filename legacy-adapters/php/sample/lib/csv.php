<?php
/* A line of RFC 4180. fputcsv() has a backslash of its own in mind, and ends lines as Unix does. */
function csv_line(array $cells)
{
    return implode(',', array_map('csv_cell', $cells)) . "\r\n";
}

function csv_cell($value)
{
    $text = (string) $value;
    return strpbrk($text, ",\"\r\n") === false ? $text : '"' . str_replace('"', '""', $text) . '"';
}
