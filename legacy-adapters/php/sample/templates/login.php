<h1>Sign in</h1>
<?php if ($error !== null): ?>
<p class="error"><?= h($error) ?></p>
<?php endif ?>
<form method="post" action="/login">
<input type="hidden" name="csrf" value="<?= h(csrf_token()) ?>">
<label>E-mail <input type="email" name="email" value="<?= h($email) ?>"></label>
<label>Password <input type="password" name="password"></label>
<button>Sign in</button>
</form>
