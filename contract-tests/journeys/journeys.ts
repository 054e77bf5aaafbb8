import { account } from './account.ts'
import { conflicts } from './conflicts.ts'
import type { Journey } from './journey.ts'
import { publishing } from './publishing.ts'
import { texts } from './texts.ts'

/** Every journey of the worked example. */
export const journeys: readonly Journey[] = [publishing, account, conflicts, texts]
