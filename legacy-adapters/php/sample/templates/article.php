<article>
<h1><?= h($article['title']) ?></h1>
<p class="meta"><?= h($article['username']) ?>, <time><?= h($article['created_at']) ?></time>, <?= grouped($article['view_count']) ?> views, <?= $favorites ?> favorites</p>
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
<p class="meta"><?= h($comment['username']) ?>, <time><?= h($comment['created_at']) ?></time></p>
</div>
<?php endforeach ?>
</section>
