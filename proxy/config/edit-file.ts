/** Changes one route in the file that defines it. */
import { readFile } from 'node:fs/promises'
import { type Edit, EditError, editSources, type RouteChange } from './edit.ts'
import { readSources } from './sources.ts'
import { writeFileAtomically } from './write-file.ts'

export interface FileEdit extends Edit {
  /** As the user would name it. */
  readonly file: string
}

/**
 * @param path of the main file; the route may be in one that it includes
 * @throws EditError when no file defines the route, or it cannot be edited in place;
 *   ReadOnlyError when the file may not be written
 */
export const editFile = async (
  path: string,
  id: string,
  change: RouteChange,
): Promise<FileEdit> => {
  const { sources, files } = await readSources(path)
  const found = editSources(sources, id, change)
  const target = found === null ? undefined : files[sources.indexOf(found.source)]
  if (found === null || target === undefined) throw new EditError(`no file defines route "${id}"`)
  // Somebody's editor may have saved since.
  if ((await readFile(target, 'utf8')) !== found.source.text)
    throw new EditError(`${found.source.file} changed meanwhile; try again`)
  await writeFileAtomically(target, [found.edit.text])
  return { ...found.edit, file: found.source.file }
}
