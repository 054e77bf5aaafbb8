/** The page at `/`: what there is to read. Plain markup, no script, nothing of anybody else's. */

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => escapes[char] ?? char)

// biome-ignore format: a table reads best as a table
export const adminPaths: readonly (readonly [method: string, path: string, what: string])[] = [
  ['GET',    '/livez',              'whether the process answers'],
  ['GET',    '/readyz',             'whether it should get traffic, and why not'],
  ['GET',    '/startupz',           'whether the first config is loaded'],
  ['GET',    '/metrics',            'for Prometheus'],
  ['GET',    '/v1/status',          'revision, uptime, build, listeners, lanes, open breakers, kills, the store, the binary log'],
  ['GET',    '/v1/routes',          'every route: stage, who answers now and why, counters, verdicts'],
  ['GET',    '/v1/routes/:id',      'one route with its upstreams'],
  ['GET',    '/v1/routes/:id/diffs', 'where its answers differ: counts, examples, rules, verdicts of the gates'],
  ['GET',    '/v1/routes/:id/exemplars', 'exchanges that were compared: ?outcome=, ?place=, ?limit='],
  ['GET',    '/v1/routes/:id/suggested-rules', 'rules for what legacy shows against itself, to be judged'],
  ['GET',    '/v1/exemplars/:exemplar', 'one exchange: request, both answers, every difference'],
  ['GET',    '/v1/config',          'the config in force, credentials taken out'],
  ['GET',    '/v1/config/rejected', 'why the file as it stands is not in force'],
  ['POST',   '/v1/config:reload',   'read the config file now'],
  ['GET',    '/v1/kills',           'what is killed, until when and why'],
  ['POST',   '/v1/kills',           'send all, a route or an upstream to legacy: { scope, for, reason }'],
  ['DELETE', '/v1/kills/:scope',    'end a kill'],
  ['GET',    '/v1/recording',       'what is recorded now, and how much of it'],
  ['POST',   '/v1/recording',       'record exchanges, redacted: the answer is the recording: { routes, for, limit, size }'],
  ['DELETE', '/v1/recording',       'end it'],
  ['POST',   '/v1/explain',         'who would answer, and why: { method, url, headers, key }'],
]

const row = ([method, path, what]: (typeof adminPaths)[number]): string => {
  const shown = escapeHtml(path)
  const linked = method === 'GET' && !path.includes(':') ? `<a href="${shown}">${shown}</a>` : shown
  return `<tr><td>${method}</td><td>${linked}</td><td>${escapeHtml(what)}</td></tr>`
}

export const indexPage = (version: string, state: string): string =>
  [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Banyan</title>',
    `<h1>Banyan ${escapeHtml(version)}: ${escapeHtml(state)}</h1>`,
    `<table>${adminPaths.map(row).join('\n')}</table></html>`,
    '',
  ].join('\n')
