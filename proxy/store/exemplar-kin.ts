/** Which exemplars tell people the same, so that few of each kin are enough. Pure. */
import { gravest } from '../compare/difference.ts'
import type { Exemplar } from '../shadow/finding.ts'

/** The gravest place first: what an exemplar is looked at for. */
const topPattern = ({ comparison, egress = [] }: Exemplar): string => {
  const differences = comparison?.differences ?? []
  const worst = gravest(differences)
  return differences.find(({ severity }) => severity === worst)?.pattern ?? egress[0]?.what ?? ''
}

/** Names those that tell people the same: route, outcome, and where they differ most gravely, or reach out first. */
export const exemplarKin = (exemplar: Exemplar): string => {
  const { route, outcome, reason } = exemplar
  return JSON.stringify([route, outcome, reason, topPattern(exemplar)])
}
