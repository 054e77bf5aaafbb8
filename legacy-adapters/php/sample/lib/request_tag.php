<?php
// Says in each statement that writes for which request it does, in a comment at its end:
//     INSERT INTO articles (…) VALUES (…) /* rid='9f2c01…-1a' */
// The binary logs of MariaDB and MySQL keep it beside the rows, so that Banyan knows all that a request
// wrote. For any application on PHP 7.4 or newer: copy this file, load it first (auto_prepend_file does),
// and connect by TaggedPdo or TaggedMysqli instead of PDO or mysqli. PHP lets nobody change what
// mysqli_query() does, nor in one text for all versions execute_query(): put request_tag() around theirs.
// What is prepared is named too: PHP frees it with its request, on persistent connections as well. Not so
// where one process serves on with its objects (Octane, RoadRunner, Swoole): do not use this file there.

/* The statement with the id of the request, where there is one and it writes. */
function request_tag($sql)
{
    $id = isset($_SERVER['HTTP_X_REQUEST_ID']) ? $_SERVER['HTTP_X_REQUEST_ID'] : null;
    // Whoever asks may have chosen it: nothing that could end a comment or a text gets into SQL.
    if (!is_string($id) || !preg_match('/\A[A-Za-z0-9_.-]{1,128}\z/', $id)
        || !preg_match('/\b(?:INSERT|UPDATE|DELETE|REPLACE|LOAD|CALL)\b/i', $sql)) {
        return $sql;
    }
    return rtrim($sql, "; \t\r\n") . " /* rid='$id' */";
}

class TaggedPdo extends PDO
{
    #[\ReturnTypeWillChange]
    public function exec($statement = '')
    {
        return parent::exec(request_tag($statement));
    }

    #[\ReturnTypeWillChange]
    public function prepare($statement = '', $options = array())
    {
        return parent::prepare(request_tag($statement), $options);
    }

    #[\ReturnTypeWillChange]
    public function query($statement = '', $mode = null, ...$more)
    {
        $sql = request_tag($statement);
        return $mode === null ? parent::query($sql) : parent::query($sql, $mode, ...$more);
    }
}

if (class_exists('mysqli', false)) {
    class TaggedMysqli extends mysqli
    {
        #[\ReturnTypeWillChange]
        public function query($query = '', $mode = MYSQLI_STORE_RESULT)
        {
            return parent::query(request_tag($query), $mode);
        }

        #[\ReturnTypeWillChange]
        public function real_query($query = '')
        {
            return parent::real_query(request_tag($query));
        }

        #[\ReturnTypeWillChange]
        public function prepare($query = '')
        {
            return parent::prepare(request_tag($query));
        }
    }
}
