<?php
/* method, pattern, file, function. The function is called with the parts of the path. */
return array(
    array('GET',    '/',                              'pages/home.php',     'home_page'),
    array('GET',    '/article/:slug',                 'pages/article.php',  'article_page'),
    array('GET',    '/login',                         'pages/login.php',    'login_form'),
    array('POST',   '/login',                         'pages/login.php',    'login_submit'),
    array('POST',   '/logout',                        'pages/login.php',    'logout_submit'),
    array('GET',    '/status',                        'pages/status.php',   'status_page'),

    array('GET',    '/api/articles',                  'api/articles.php',   'articles_list'),
    array('GET',    '/api/articles/:slug',            'api/articles.php',   'articles_get'),
    array('GET',    '/api/tags',                      'api/tags.php',       'tags_list'),
    array('GET',    '/api/stats',                     'api/stats.php',      'stats_get'),
);
