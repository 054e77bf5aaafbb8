/** Which kind of database shadows read. Pure. */
import { parseStoreUrl, type StoreAddress } from '../store/store-url.ts'
import type { Config } from './config.ts'

/** Null: the config does not say, or no URL that could be read. */
export const shadowDatabaseForm = ({
  handlers,
  shadow,
}: Pick<Config, 'handlers' | 'shadow'>): StoreAddress['form'] | null =>
  parseStoreUrl(shadow?.database.url ?? handlers.databaseUrl ?? '')?.form ?? null
