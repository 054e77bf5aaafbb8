/**
 * How legacy stacks read a path: for each of them what is done, in order. A stage with several steps
 * stands for set-ups that differ; each of them is followed, so that a path has several readings.
 * The models claim rather too much than too little: what a stack may do counts as done.
 */
import * as steps from './steps.ts'

export type Profile = readonly (readonly [steps.Step, ...steps.Step[]])[]

/** Values of `upstreams.NAME.normaliser`; docs/reference/routing.md explains each. */
export const normalisers = [
  'php',
  'rails',
  'apache',
  'nginx',
  'tomcat',
  'iis',
  'express',
  'doubleDecode',
] as const
export type Normaliser = (typeof normalisers)[number]

const {
  cutAtNul,
  cutAuthority,
  cutParameters,
  cutQuery,
  cutStreams,
  decode,
  decodeNeeded,
  decodeOverlong,
  decodeUnicodeEscapes,
  dropFinalNewline,
  dropFormat,
  dropIndex,
  dropTokenSegments,
  dropTrailingSlash,
  keep,
  lowerCase,
  mergeSlashes,
  narrow,
  resolveDots,
  trimEnd,
  trimSegments,
  turnBackslashes,
} = steps

export const profiles: Readonly<Record<Normaliser, Profile>> = {
  // A front controller. PHP's servers hand over PATH_INFO, decoded and resolved; frameworks read
  // REQUEST_URI, which is raw, and cut the script's name off. Held to `php -S` by a test.
  php: [
    [keep, cutAuthority], // parse_url('//x/admin', PHP_URL_PATH) is '/admin'
    [decode], // rawurldecode($_SERVER['REQUEST_URI']); Symfony Request::preparePathInfo
    [keep, mergeSlashes], // PATH_INFO; trim($path, '/') of Laravel merges at the ends alone
    [keep, resolveDots], // PATH_INFO; REQUEST_URI has them still
    [dropIndex], // Symfony Request::prepareBaseUrl; /index.php/admin
    [mergeSlashes],
    [trimEnd], // trim() takes white space and NUL; '$' without D matches before a newline
    [dropTrailingSlash], // Laravel Request::path, Slim, WordPress
  ],
  // Rails, Sinatra and plain Rack, for which puma leaves PATH_INFO as it came.
  rails: [
    [decodeNeeded, decode], // Journey matches escapes as they stand; Sinatra and Rack apps decode
    [turnBackslashes], // Rack::Protection::PathTraversal, on in every Sinatra
    [keep, mergeSlashes], // Journey::Router::Utils.normalize_path
    [keep, resolveDots], // Rack::Protection::PathTraversal; Rails leaves dots alone
    [dropFinalNewline], // \Z in Journey's and Mustermann's patterns
    [dropTrailingSlash], // normalize_path
    [dropFormat], // every route of Rails ends in (.:format)
  ],
  // httpd 2.4: ap_unescape_url, ap_normalize_path; DirectoryIndex and FallbackResource.
  apache: [
    [decode], // AllowEncodedSlashes decides of %2F; On is what can be confused
    [keep, mergeSlashes], // MergeSlashes, on since 2.4.39
    [resolveDots],
    [dropIndex], // mod_dir, AcceptPathInfo
  ],
  // ngx_http_parse_complex_uri; $uri, which locations are compared with. Held to nginx by a test.
  nginx: [
    [decode],
    [keep, mergeSlashes], // merge_slashes, on unless said otherwise
    [resolveDots],
    [dropIndex], // index, fastcgi_split_path_info
  ],
  // CoyoteAdapter.postParseRequest: parameters, then decoding, then CoyoteAdapter.normalize.
  tomcat: [
    [cutParameters], // so that '..;' is '..'
    [decodeOverlong], // CVE-2008-2938
    [decode], // encodedSolidusHandling: decode
    [cutParameters], // applications that clean once more: UrlPathHelper.removeSemicolonContent
    [turnBackslashes], // allowBackslash
    [keep, mergeSlashes],
    [resolveDots],
    [dropTrailingSlash], // Spring MVC before 6: useTrailingSlashMatch
    [dropFormat], // Spring MVC before 5.3: useSuffixPatternMatch
  ],
  // HTTP.sys, then ASP.NET, then the names of files of Windows.
  iis: [
    [decodeUnicodeEscapes],
    [decodeOverlong], // MS00-078
    [decode],
    [decodeUnicodeEscapes],
    [decode], // requestFiltering allowDoubleEscaping
    [narrow], // best fit of code pages
    [cutAtNul],
    [turnBackslashes],
    [mergeSlashes],
    [resolveDots],
    [dropTokenSegments], // cookieless sessions; CVE-2023-36899
    [cutStreams], // NTFS
    [trimSegments], // Win32 names of files
    [mergeSlashes],
    [lowerCase],
    [dropIndex], // defaultDocument
    [dropTrailingSlash],
  ],
  // Express matches the raw path, without case and strictness; others of Node decode before.
  express: [
    [decodeNeeded, decode], // path-to-regexp; find-my-way, serve-static
    [lowerCase], // 'case sensitive routing' is off
    [dropTrailingSlash], // 'strict routing' is off
  ],
  // Two readers in a row: a rewrite or an old gateway passes on what it has decoded.
  doubleDecode: [
    [decode],
    [cutQuery], // what was %3F begins a query for the second
    [decode],
    [cutAtNul],
    [mergeSlashes],
    [resolveDots],
  ],
}

const rooted = (path: string): string => (path.startsWith('/') ? path : `/${path}`)

/**
 * Every path that a stack may take a request for: canonical in form, each once.
 *
 * @param escaped the path of the request target, see `escapedPath`
 */
export const readingsOf = (profile: Profile, escaped: string): readonly string[] => {
  let paths: readonly string[] = [escaped]
  for (const stage of profile) {
    const next = new Set<string>()
    for (const path of paths) for (const { apply } of stage) next.add(apply(path))
    paths = [...next]
  }
  return [...new Set(paths.map(rooted))]
}

/** A pattern as the stack would have it, so that it can be compared with readings. */
export const foldPattern = (profile: Profile, pattern: string): string =>
  rooted(profile.reduce((path, [{ folds, apply }]) => (folds ? apply(path) : path), pattern))

/** What keeps a path from having one reading alone, the canonical one: source of an expression. */
export const touchesOf = (profile: Profile): string =>
  profile.flatMap((stage) => stage.map(({ touches }) => touches)).join('|')
