<h1><?= h($title) ?></h1>
<p class="count"><?= $count ?> articles, page <?= $page ?> of <?= $pages ?></p>
<?php foreach ($articles as $article): ?>
<article class="preview">
<h2><a href="/article/<?= h(rawurlencode($article['slug'])) ?>"><?= h($article['title']) ?></a></h2>
<p class="meta"><bdi><?= h($article['username']) ?></bdi>, <time><?= h($article['created_at']) ?></time>, <?= grouped($article['view_count']) ?> views, <?= $favorites[$article['id']] ?> favorites</p>
<p><?= h($article['description']) ?></p>
<ul class="tags">
<?php foreach ($tags[$article['id']] as $name): ?>
<li><a href="/?tag=<?= h(urlencode($name)) ?>"><?= h($name) ?></a></li>
<?php endforeach ?>
</ul>
</article>
<?php endforeach ?>
<nav class="pages">
<?php if ($page > 1): ?><a rel="prev" href="<?= h(page_url($page - 1, $tag)) ?>">Newer</a><?php endif ?>
<?php if ($page < $pages): ?><a rel="next" href="<?= h(page_url($page + 1, $tag)) ?>">Older</a><?php endif ?>
</nav>
