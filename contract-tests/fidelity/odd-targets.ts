/** Request targets that look odd and are legitimate: id, target. No version of HTTP may touch a byte of them. */
export const oddTargets: readonly (readonly [id: string, target: string])[] = [
  ['path-dslash', '//a//b?x=1'],
  ['path-encslash', '/a%2Fb%2f'],
  ['path-dotdot', '/a/../b/./c'],
  ['path-backslash', '/a\\b'],
  ['path-chars', '/a|b{c}"^`'],
  ['path-badpct', '/%zz%'],
  ['path-q2', '/a?x=1?y=2&&'],
  ['path-emptyq', '/a?'],
  ['path-semi', '/a;jsessionid=1?b;c'],
  ['path-space+', '/a+b%20c'],
  ['path-plusdot', '/..;/x'],
]
