/**
 * Process groups and the files that remember them: what a run could not end, because it was killed
 * itself, the next run ends.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** A shell that runs "$@", and ends its whole group when that ends or its own stdin closes. */
const guard = `
exec 3<&0 </dev/null
"$@" 3<&- &
child=$!
(
  trap '' TERM
  read -r _ <&3
  kill -TERM 0
  for _ in 1 2 3 4 5; do
    kill -0 $child 2>/dev/null || exit
    sleep 1
  done
  kill -KILL 0
) &
reader=$!
trap : TERM
wait $child
kill -0 $child 2>/dev/null && wait $child
trap '' TERM
kill -KILL $reader
kill -TERM 0
`

/** A command line that lives no longer than its stdin is open. To be spawned detached. */
export const guarded = (command: readonly string[]): readonly string[] => [
  'sh',
  '-c',
  guard,
  'guard',
  ...command,
]

/** Signals every process of the group; false when there is none. */
export const signalGroup = (leader: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-leader, signal)
  } catch {
    return false
  }
}

/** The fields of proc(5) `stat` from the state on: the name before it may hold anything. */
const statFields = (pid: string | number): readonly string[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

const [stateField, groupField, beginField] = [0, 2, 19] as const

/** Whether anything of the group still runs. The dead that nobody has buried yet do not count. */
const groupRuns = (leader: number): boolean => {
  if (!signalGroup(leader, 0)) return false
  if (process.platform !== 'linux') return true
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false
    const fields = statFields(entry)
    return fields[groupField] === String(leader) && !/[ZX]/.test(fields[stateField] ?? 'X')
  })
}

/** Resolves once nothing of the group runs, or after `limit` ms. Says which. */
export const groupGone = async (leader: number, limit: number): Promise<boolean> => {
  const deadline = performance.now() + limit
  while (groupRuns(leader)) {
    if (performance.now() > deadline) return false
    await wait(10)
  }
  return true
}

/** When a process began, in whatever unit the system tells it; null when there is no such one. */
const beginning = (pid: number): string | null => {
  if (process.platform === 'linux') return statFields(pid)[beginField] ?? null
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}

/** Remembers a group for `reapGroup`. */
export const rememberGroup = (file: string, leader: number): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${leader} ${beginning(leader)}\n`)
}

export const forgetGroup = (file: string): void => {
  rmSync(file, { force: true })
}

const readGroup = (file: string): { leader: number; since: string } | null => {
  try {
    const [, leader, since] = /^(\d+) (.+)\n$/.exec(readFileSync(file, 'utf8')) ?? []
    return leader === undefined || since === undefined ? null : { leader: Number(leader), since }
  } catch {
    return null
  }
}

/** Kills the group that the file names, unless its number belongs to another process by now. */
export const reapGroup = async (file: string): Promise<void> => {
  const found = readGroup(file)
  if (found !== null && found.leader > 1 && beginning(found.leader) === found.since) {
    signalGroup(found.leader, 'SIGKILL')
    await groupGone(found.leader, 1000)
  }
  forgetGroup(file)
}
