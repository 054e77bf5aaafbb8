<h1><?= h($title) ?></h1>
<?php foreach ($errors as $field => $messages): ?>
<p class="error"><?= h($field . ' ' . implode(', ', $messages)) ?></p>
<?php endforeach ?>
<form method="post" action="/settings">
<input type="hidden" name="csrf" value="<?= h(csrf_token()) ?>">
<label>User name <input name="username" value="<?= h($values['username']) ?>"></label>
<label>E-mail <input type="email" name="email" value="<?= h($values['email']) ?>"></label>
<label>Address of a picture <input name="image" value="<?= h($values['image']) ?>"></label>
<label>About you <textarea name="bio" rows="6">
<?= h($values['bio']) ?></textarea></label>
<button>Save</button>
</form>
<h2>Your picture</h2>
<form method="post" action="/avatar" enctype="multipart/form-data">
<?= picture($user['image']) ?>
<input type="hidden" name="csrf" value="<?= h(csrf_token()) ?>">
<input type="file" name="avatar" accept="image/gif,image/jpeg,image/png">
<button>Upload</button>
</form>
