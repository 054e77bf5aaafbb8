<?php
/* For health checks: asks the database, too. */
function status_page()
{
    value('SELECT 1');
    header('Content-Type: text/plain; charset=utf-8');
    header('Cache-Control: no-store');
    echo "ok\n";
}
