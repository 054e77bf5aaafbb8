import type { ListenerStatus } from './admin/status.ts'
import type { Config } from './config/config.ts'
import { urlHost } from './edge/listen.ts'

/** Where a proxy can be asked, by this machine at least. */
export interface Addresses {
  readonly url: string
  readonly adminUrl: string
  readonly probesUrl: string | null
}

const urlOf = ({ host, port }: ListenerStatus, scheme: 'http' | 'https' = 'http'): string => {
  const isEverywhere = host === '0.0.0.0' || host === '::'
  return `${scheme}://${isEverywhere ? 'localhost' : urlHost(host)}:${port}`
}

export const addressesOf = (config: Config, listeners: readonly ListenerStatus[]): Addresses => {
  const find = (wanted: ListenerStatus['name']): ListenerStatus | undefined =>
    listeners.find(({ name }) => name === wanted)
  const { host, port } = config.listen
  const listen = find('listen') ?? { name: 'listen', host, port }
  const probes = find('probes')
  return {
    url: urlOf(listen, config.listen.tls === null ? 'http' : 'https'),
    adminUrl: urlOf(find('admin') ?? { name: 'admin', ...config.admin }),
    probesUrl: probes === undefined ? null : urlOf(probes),
  }
}
