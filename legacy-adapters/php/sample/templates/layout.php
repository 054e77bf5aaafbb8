<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title><?= h($title) ?> · Conduit</title>
<link rel="stylesheet" href="/assets/style.css">
</head>
<body>
<header>
<a class="brand" href="/">conduit</a>
<nav>
<?php if ($user): ?>
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
</body>
</html>
