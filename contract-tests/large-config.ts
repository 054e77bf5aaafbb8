/** A config with very many routes, as text: for the tests that weigh it. */

/** Every kind of route in turn: those at canary and modern have breakers and budgets of their own. */
const ways = [
  'stage: legacy',
  'effects: read, stage: shadow, sample: 10%',
  'effects: read, stage: canary, weight: 10%',
  'effects: read, stage: modern',
] as const

/** @param slowCall of every breaker: another value makes every breaker anew */
export const largeConfig = (
  routes: number,
  upstreamUrl: string,
  slowCall: string = '3s',
): string => {
  const line = (_: unknown, i: number): string =>
    `  things${i}.get: { match: "GET /api/things${i}/:id", ${ways[i % ways.length]}, examples: ["GET /api/things${i}/1"] }`
  return `listen: { host: 127.0.0.1, port: "\${BANYAN_PORT}", trustedProxies: [127.0.0.0/8] }
admin: { port: "\${BANYAN_ADMIN_PORT}" }
stateDir: "\${BANYAN_STATE_DIR}"
upstreams:
  php: { url: "${upstreamUrl}" }
  node: { url: "${upstreamUrl}" }
defaults: { legacy: php, modern: node, caller: ["header:x-user-id"], breaker: { slowCall: ${slowCall} } }
routes:
${Array.from({ length: routes }, line).join('\n')}
  rest: { match: "/*", modern: null }
`
}
