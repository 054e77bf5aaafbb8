<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title><?= h($title) ?> · Conduit</title>
<link rel="stylesheet" href="/assets/style.css">
<link rel="icon" href="/assets/icon.svg">
</head>
<body>
<header>
<a class="brand" href="/">conduit</a>
<nav>
<a href="/">Home</a>
<a href="/account">Account</a>
<?php if ($user): ?>
<a href="/settings">Settings</a>
<span>Signed in as <b><?= h($user['username']) ?></b></span>
<form method="post" action="/logout"><input type="hidden" name="csrf" value="<?= h(csrf_token()) ?>"><button>Sign out</button></form>
<?php else: ?>
<a href="/login">Sign in</a>
<?php endif ?>
</nav>
</header>
<?php if ($flash !== null): ?>
<p class="flash"><?= h($flash) ?></p>
<?php endif ?>
<main>
<?= $content ?>
</main>
<footer>Conduit, a place to share your knowledge. <a href="/export.csv">All articles as CSV</a></footer>
</body>
</html>
