<article>
<h1><?= h($article['title']) ?></h1>
<p class="meta"><?= picture($article['image']) ?><bdi><?= h($article['username']) ?></bdi>, <time><?= h($article['created_at']) ?></time>, <?= grouped($article['view_count']) ?> views, <?= $favorites ?> favorites</p>
<p class="lead"><?= h($article['description']) ?></p>
<div class="body"><?= nl2br(h($article['body'])) ?></div>
<ul class="tags">
<?php foreach ($tags as $name): ?>
<li><a href="/?tag=<?= h(urlencode($name)) ?>"><?= h($name) ?></a></li>
<?php endforeach ?>
</ul>
</article>
<section id="comments">
<h2><?= count($comments) ?> comments</h2>
<?php foreach ($comments as $comment): ?>
<div class="comment">
<p><?= nl2br(h($comment['body'])) ?></p>
<p class="meta"><?= picture($comment['image']) ?><bdi><?= h($comment['username']) ?></bdi>, <time><?= h($comment['created_at']) ?></time></p>
</div>
<?php endforeach ?>
<?php if ($user): ?>
<form method="post" action="/article/<?= h(rawurlencode($article['slug'])) ?>/comment">
<input type="hidden" name="csrf" value="<?= h(csrf_token()) ?>">
<label>Your comment <textarea name="body" rows="4"></textarea></label>
<button>Post comment</button>
</form>
<?php else: ?>
<p><a href="/login">Sign in</a> to comment.</p>
<?php endif ?>
</section>
