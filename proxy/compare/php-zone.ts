/** The zone of a PHP DateTime as `json_encode` writes it. Pure. */
import { zoneMinutesAt } from './named-zone.ts'

/** Minutes east of Greenwich, as PHP 8.2 reads them: to PHP, `IST` is Israel and `BST` Britain. */
// biome-ignore format: a table reads best as a table
const abbreviations: Readonly<Record<string, number>> = {
  ACDT: 630, ACST: 570, ADT: -180, AEDT: 660, AEST: 600, AKDT: -480,
  AKST: -540, AST: -240, AWST: 480, BST: 60, CAT: 120, CDT: -300,
  CEST: 120, CET: 60, CST: -360, EAT: 180, EDT: -240, EEST: 180,
  EET: 120, EST: -300, HKT: 480, HST: -600, IDT: 180, IST: 120,
  JST: 540, KST: 510, MDT: -360, MSD: 240, MSK: 180, MST: -420,
  NZDT: 780, NZST: 720, PDT: -420, PKT: 300, PST: -480, SAST: 120,
  SST: -660, WAST: 120, WAT: 60, WEST: 60, WET: 0, WIB: 420,
  WIT: 540, WITA: 480,
}

/** `timezone_type` of an abbreviation; 1 is an offset, 3 a place. */
const abbreviated = '2'

/**
 * Minutes east of Greenwich; null: nobody knows such a zone.
 *
 * @param type `timezone_type`
 * @param localMs what the clocks there show, as milliseconds since 1970 there
 */
export const phpZoneMinutes = (zone: string, type: string, localMs: number): number | null => {
  if (type === abbreviated && Object.hasOwn(abbreviations, zone)) return abbreviations[zone] ?? null
  return zoneMinutesAt(zone, localMs)
}
